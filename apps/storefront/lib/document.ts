import { attrs, type Html, html } from '@stoa/html'
import { LANGUAGES, type Language } from '../messages/index.ts'
import type { AssetSource } from './assets.ts'
import { checkoutHeader, shopHeader, tabBar } from './frame.ts'
import { place } from './own-parts.ts'
import { inLanguage, paths } from './paths.ts'
import type { PageNeeds } from './security.ts'
import type { Visit } from './shop.ts'
import { SOCIAL_SIZE } from './social-picture.ts'

export type Page = Readonly<{
  title: string
  /** What the shop is, unless told. */
  description?: string | undefined
  /** Path of the page's own address, if search engines may list it. */
  canonical?: string | undefined
  /** Address of the picture by which it is shared. */
  picture?: string | undefined
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

/** The whole page, with marks where the visitor's own parts go. */
export async function renderDocument(visit: Visit, page: Page): Promise<Html> {
  const { shop, choice, t } = visit
  const isCheckout = page.frame === 'checkout'
  const departments = await shop.departments.list()
  const markets = await shop.markets.list()
  const { hasOwnBar } = page
  return html`<!doctype html>
<html lang="${choice.language}" dir="${t.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${page.title}</title>
${headLinks(visit, page)}
</head>
<body${attrs({ class: hasOwnBar ? 'has-own-bar' : isCheckout ? 'is-checkout' : undefined })}>
${place('symbols')}
<a class="skip" href="#main">${t.skipToContent}</a>
${isCheckout ? checkoutHeader(visit) : shopHeader(visit, { departments, markets, query: page.query })}
${place('flash')}
<main id="main" class="${page.kind}" tabindex="-1">${page.main}</main>
${!isCheckout && shop.components.footer(visit, departments, markets.ratesAsOf)}
${!isCheckout && !hasOwnBar && tabBar(visit)}
<div class="toast" role="status" aria-live="polite" data-live data-seen="${t.app.seenAt}" data-queued="${t.app.queued}" data-sent="${t.app.sent}"></div>
</body>
</html>
`
}

function headLinks({ shop, t, choice }: Visit, page: Page): Html {
  const { assets, publicUrl } = shop
  const scripts: AssetSource[] = ['islands/shop.ts', ...(page.scripts ?? [])]
  const description = (page.description ?? t.shopDescription).slice(0, 200)
  return html`
<meta name="description" content="${description}">
${
  page.canonical
    ? addresses(publicUrl, page.canonical, choice.language)
    : html`<meta name="robots" content="noindex">`
}
<meta property="og:site_name" content="Stoa">
<meta property="og:title" content="${page.title}">
${shared(publicUrl, page, description)}
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1c1a17" media="(prefers-color-scheme: dark)">
${place('styles')}
<link rel="icon" href="${paths.favicon()}" type="image/svg+xml">
<link rel="apple-touch-icon" href="${paths.icon('apple-180')}">
<link rel="manifest" href="${paths.manifest(choice.language)}">
${scripts.map(
  (source) =>
    html`<script type="module" src="${assets.url(source)}" integrity="${assets.integrity(source)}"></script>`,
)}
${page.head}`
}

/** How the page looks where somebody tells of it. */
function shared(publicUrl: string, page: Page, description: string): Html {
  const { canonical, picture, kind } = page
  return html`<meta property="og:description" content="${description}">
<meta property="og:type" content="${kind === 'product' ? 'product' : 'website'}">
${canonical && html`<meta property="og:url" content="${publicUrl}${canonical}">`}
<meta property="og:image" content="${publicUrl}${picture ?? paths.icon('app-512')}">
${
  picture &&
  html`<meta property="og:image:width" content="${SOCIAL_SIZE.width}"><meta property="og:image:height" content="${SOCIAL_SIZE.height}"><meta name="twitter:card" content="summary_large_image">`
}`
}

/** The page's own address, and those of the same page in every language. */
function addresses(publicUrl: string, canonical: string, here: Language): Html {
  const [standard] = LANGUAGES
  const address = (language: Language) =>
    publicUrl + inLanguage(canonical, language === standard ? undefined : language)
  return html`<link rel="canonical" href="${address(here)}">
<link rel="alternate" hreflang="x-default" href="${publicUrl}${canonical}">
${LANGUAGES.map((language) => html`<link rel="alternate" hreflang="${language}" href="${address(language)}">`)}`
}

/**
 * A browser's first page brings its styles along, and is painted after one round trip; from then
 * on it has them. No typeface holds up the first page: it is there for the next.
 */
export function styles({ shop: { assets }, hasStyles }: Visit, kind: string): Html {
  const sheet = assets.url('styles/main.css')
  return hasStyles
    ? html`<link rel="preload" href="${assets.fontUrl}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${sheet}">`
    : html`${assets.inlineStyles.of(kind)}<link rel="prefetch" href="${sheet}" as="style">`
}
