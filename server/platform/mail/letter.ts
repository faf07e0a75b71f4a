import { type Html, html } from '@stoa/html'
import type { Mail } from './mailbox.ts'

/** A line of a table: a thing and what it costs, or a sum. */
export type LetterRow = Readonly<{
  label: string
  /** Beneath the label, quieter. */
  note?: string
  value?: string
  isTotal?: boolean
}>

/** What a letter is made of, from top to bottom. */
export type LetterBlock =
  | Readonly<{ kind: 'text'; text: string }>
  | Readonly<{ kind: 'heading'; text: string }>
  /** A link is shown as its address; one with a label is a button. */
  | Readonly<{ kind: 'link'; url: string; label?: string }>
  | Readonly<{ kind: 'table'; rows: readonly LetterRow[] }>
  /** Short lines that belong together, as of an address. */
  | Readonly<{ kind: 'lines'; lines: readonly string[] }>

export type Letter = Readonly<{
  language: string
  subject: string
  blocks: readonly LetterBlock[]
  /** Beneath the shop's name: why somebody gets this, and how it ends. */
  foot?: readonly LetterBlock[]
}>

const SIGNATURE = 'Stoa'
const LINE = '#ded8cc'
const ACTION = '#0b4f6c'

/** A letter as text and as HTML: the same words. No picture, no script, nothing that tells who has read it. */
export function writeLetter({ language, subject, blocks, foot = [] }: Letter): Omit<Mail, 'to'> {
  const dir = language === 'ar' ? 'rtl' : 'ltr'
  const page = html`<!doctype html>
<html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${subject}</title></head>
<body style="margin:0;padding:24px 16px"><div dir="${dir}" style="max-width:560px;margin:0 auto;font:16px/1.5 system-ui,sans-serif">
<h1 style="margin:0 0 24px;font-size:20px"><bdi>${subject}</bdi></h1>
${blocks.map(markup)}
<p style="margin:32px 0 0;padding-top:16px;border-top:1px solid ${LINE}">${SIGNATURE}</p>
${foot.length > 0 && html`<div style="margin-top:16px;font-size:13px">${foot.map(markup)}</div>`}
</div></body></html>
`
  const parts = [...blocks.map(plain), SIGNATURE, ...foot.map(plain)]
  return { subject, text: `${parts.join('\n\n')}\n`, html: page.text }
}

function markup(block: LetterBlock): Html {
  switch (block.kind) {
    case 'text':
      return html`<p style="margin:0 0 16px">${block.text}</p>`
    case 'heading':
      return html`<h2 style="margin:24px 0 8px;font-size:16px">${block.text}</h2>`
    case 'lines':
      return html`<p style="margin:0 0 16px">${block.lines.map((line) => html`<bdi>${line}</bdi><br>`)}</p>`
    case 'link':
      return block.label === undefined
        ? html`<p style="margin:0 0 16px"><a href="${block.url}" dir="ltr" style="color:${ACTION};overflow-wrap:anywhere">${block.url}</a></p>`
        : html`<p style="margin:24px 0"><a href="${block.url}" style="display:inline-block;padding:12px 20px;border-radius:4px;background:${ACTION};color:#fff;text-decoration:none">${block.label}</a></p>`
    case 'table':
      return html`<table role="presentation" width="100%" style="margin:0 0 16px;border-collapse:collapse;font:inherit">${block.rows.map(row)}</table>`
  }
}

function row({ label, note, value, isTotal = false }: LetterRow): Html {
  const cell = `padding:8px 0;border-top:1px solid ${LINE};vertical-align:top${isTotal ? ';font-weight:700' : ''}`
  return html`<tr><td style="${cell}"><bdi>${label}</bdi>${note !== undefined && html`<br><span style="font-size:14px"><bdi>${note}</bdi></span>`}</td><td align="right" style="${cell};padding-inline-start:16px;text-align:end;white-space:nowrap">${value !== undefined && html`<bdi>${value}</bdi>`}</td></tr>`
}

function plain(block: LetterBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'heading':
      return block.text.toLocaleUpperCase()
    case 'lines':
      return block.lines.join('\n')
    case 'link':
      return block.label === undefined ? block.url : `${block.label}:\n${block.url}`
    case 'table':
      return block.rows
        .map(
          ({ label, note, value }) =>
            `${label}${value === undefined ? '' : `  ${value}`}${note === undefined ? '' : `\n  ${note}`}`,
        )
        .join('\n')
  }
}
