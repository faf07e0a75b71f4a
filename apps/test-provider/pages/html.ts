import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { escapeHtml } from '@stoa/html'
import type { Reply } from '../http.ts'
import type { BankWords } from './words.ts'

/** Markup that may be put into markup as it is. */
type Markup = Readonly<{ markup: string }>

function render(value: string | Markup): string {
  return typeof value === 'string' ? escapeHtml(value) : value.markup
}

/** A template whose values are escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  const pieces = parts.map((part, at) => (at === 0 ? part : render(values[at - 1] ?? '') + part))
  return { markup: pieces.join('') }
}

const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8')
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** One page with its own strict policy: own style by hash, own script by origin, nothing else. */
export function page(
  options: Readonly<{
    status?: number
    words: BankWords
    title: string
    body: Markup
    bodyClass?: string
    /** Scripts of this origin run only where a page has any. */
    script?: string
    /** Where the page's forms may end: browsers hold a form's redirect to this list too. */
    formOrigins?: readonly string[]
    frameAncestors?: readonly string[]
  }>,
): Reply {
  const { words, title, body, script, bodyClass = '' } = options
  const { formOrigins = [], frameAncestors = [] } = options
  const scriptTag = script === undefined ? '' : `<script src="${script}" defer></script>`
  const document = html`<!doctype html>
<html lang="${words.language}" dir="${words.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
${{ markup: scriptTag }}
</head>
<body class="${bodyClass}">
${body}
</body>
</html>
`
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    ...(script === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
    `form-action ${["'self'", ...formOrigins].join(' ')}`,
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
    "base-uri 'none'",
  ]
  return {
    status: options.status ?? 200,
    body: document.markup,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    },
  }
}
