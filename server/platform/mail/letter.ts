import { html } from '@stoa/html'
import type { Mail } from './mailbox.ts'

export type Letter = Readonly<{
  language: string
  subject: string
  paragraphs: readonly string[]
  /** The paragraph that is only this becomes a link. */
  link: string
}>

const SIGNATURE = 'Stoa'

/** A letter as text and as HTML: the same words. No picture, no script, nothing that tells who has read it. */
export function writeLetter({ language, subject, paragraphs, link }: Letter): Omit<Mail, 'to'> {
  const dir = language === 'ar' ? 'rtl' : 'ltr'
  const rows = paragraphs.map((paragraph) =>
    paragraph === link
      ? html`<p style="margin:0 0 16px"><a href="${link}" dir="ltr" style="color:#0b4f6c;overflow-wrap:anywhere">${link}</a></p>`
      : html`<p style="margin:0 0 16px">${paragraph}</p>`,
  )
  const page = html`<!doctype html>
<html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${subject}</title></head>
<body style="margin:0;padding:24px 16px"><div style="max-width:560px;margin:0 auto;font:16px/1.5 system-ui,sans-serif">
<h1 style="margin:0 0 24px;font-size:20px">${subject}</h1>
${rows}
<p style="margin:32px 0 0;padding-top:16px;border-top:1px solid #ded8cc">${SIGNATURE}</p>
</div></body></html>
`
  return { subject, text: `${paragraphs.join('\n\n')}\n\n${SIGNATURE}\n`, html: page.text }
}
