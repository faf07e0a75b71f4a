import { attrs, type Html, html, raw } from '@stoa/html'
import type { FastifyReply } from 'fastify'
import { drawingSymbol } from '../features/departments/drawings.ts'
import type { AssetSource } from './assets.ts'
import { checkoutHeader, shopFooter, shopHeader, tabBar } from './frame.ts'
import { iconSymbol } from './icons.ts'
import { paths } from './paths.ts'
import { type PageNeeds, protect } from './security.ts'
import type { Visit } from './visit.ts'

export type Page = Readonly<{
  title: string
  description?: string | undefined
  /** Path of the page's own address, if search engines may list it. */
  canonical?: string | undefined
  /** Further elements of the head, such as rel links and structured data. */
  head?: Html | undefined
  main: Html
  /** Class of the main element, for its layout. */
  kind: string
  status?: number
  /** The checkout's frame leads nowhere else. */
  frame?: 'shop' | 'checkout'
  scripts?: readonly AssetSource[]
  needs?: PageNeeds
  /** Words in the search box. */
  query?: string | undefined
  /** A page with personal data: never kept by the browser. */
  isPrivate?: boolean
  /** The page has a bar of its own at the bottom on phones. */
  hasOwnBar?: boolean
}>

/** Sends a whole page: frame, headers, and the drawings that it uses. */
export async function sendPage(visit: Visit, reply: FastifyReply, page: Page): Promise<void> {
  const { shop } = visit
  protect(shop, reply, page.needs)
  const css = shop.assets.url('styles/main.css')
  const document = await renderPage(visit, page)
  reply
    .code(page.status ?? 200)
    .header('cache-control', page.isPrivate ? 'private, no-store' : 'private, no-cache')
    .header('link', `<${css}>; rel=preload; as=style`)
    .type('text/html; charset=utf-8')
  await reply.send(document)
}

async function renderPage(visit: Visit, page: Page): Promise<string> {
  const { shop, choice, t } = visit
  const isCheckout = page.frame === 'checkout'
  const departments = await shop.departments.list()
  const markets = await shop.markets.list()
  const body = html`
<a class="skip" href="#main">${t.skipToContent}</a>
${isCheckout ? checkoutHeader(visit) : shopHeader(visit, { departments, markets, query: page.query })}
${flashLine(visit)}
<main id="main" class="${page.kind}" tabindex="-1">${page.main}</main>
${!isCheckout && shopFooter(visit, departments, markets.ratesAsOf)}
${!isCheckout && !page.hasOwnBar && tabBar(visit)}
<div class="toast" role="status" aria-live="polite" data-live></div>`
  return html`<!doctype html>
<html lang="${choice.language}" dir="${t.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${page.title}</title>
${headLinks(visit, page)}
</head>
<body${attrs({ class: page.hasOwnBar ? 'has-own-bar' : isCheckout ? 'is-checkout' : undefined })}>
${symbols(body)}
${body}
</body>
</html>
`.text
}

function headLinks({ shop }: Visit, page: Page): Html {
  const { assets, publicUrl } = shop
  const scripts: AssetSource[] = ['islands/shop.ts', ...(page.scripts ?? [])]
  const description = page.description?.slice(0, 200)
  return html`
${description && html`<meta name="description" content="${description}">`}
${
  page.canonical
    ? html`<link rel="canonical" href="${publicUrl}${page.canonical}">`
    : html`<meta name="robots" content="noindex">`
}
<meta property="og:site_name" content="Stoa">
<meta property="og:title" content="${page.title}">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1c1a17" media="(prefers-color-scheme: dark)">
<link rel="preload" href="${assets.fontUrl}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${assets.url('styles/main.css')}">
<link rel="icon" href="${paths.favicon()}" type="image/svg+xml">
<link rel="manifest" href="${paths.manifest()}">
${scripts.map((source) => html`<script type="module" src="${assets.url(source)}"></script>`)}
${page.head}`
}

function flashLine({ flash }: Visit): Html | false {
  return (
    flash !== undefined &&
    html`<p class="flash flash-${flash.tone}" role="status">${flash.text}</p>`
  )
}

const REFERENCE = '<use href="#'

/** Drawings and icons by the name that pages refer to them by. */
const drawn = new Map<string, string>()

function symbol(name: string): string {
  let text = drawn.get(name)
  if (text === undefined) {
    const one = name.startsWith('d-') ? drawingSymbol(name.slice(2)) : iconSymbol(name.slice(2))
    text = one?.text ?? ''
    drawn.set(name, text)
  }
  return text
}

/** The drawings and icons that a page refers to, each once. */
function symbols({ text }: Html): Html {
  const names = new Set<string>()
  for (let at = text.indexOf(REFERENCE); at >= 0; at = text.indexOf(REFERENCE, at + 1)) {
    const start = at + REFERENCE.length
    names.add(text.slice(start, text.indexOf('"', start)))
  }
  const all = [...names].filter((name) => /^[di]-[a-z]+$/.test(name)).map(symbol)
  return raw(`<svg class="symbols" aria-hidden="true" width="0" height="0">${all.join('')}</svg>`)
}
