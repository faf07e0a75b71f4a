import { type Html, html, raw } from '@stoa/html'

/** Line icons on a grid of 24, drawn in the colour of the text beside them. */
const ICONS = {
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  cart: '<path d="M3 4h2.5l2 11.5h11l2-8.5H6.2"/><circle cx="9" cy="19.5" r="1.4"/><circle cx="16.5" cy="19.5" r="1.4"/>',
  home: '<path d="M3 9.5 12 4l9 5.5M5 10v10m4.7-10v10m4.6-10v10M19 10v10M3 20.5h18"/>',
  departments:
    '<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"/>',
  orders: '<path d="M4 8.5 12 4l8 4.5v7L12 20l-8-4.5zM4 8.5l8 4.5 8-4.5M12 13v7M8 6.3l8 4.5"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c.6-4.6 3.6-7 8-7s7.4 2.4 8 7z"/>',
  place:
    '<path d="M12 21s-6.5-5.6-6.5-11a6.5 6.5 0 0 1 13 0c0 5.4-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
  heart:
    '<path d="M12 20S3.5 15 3.5 8.8A4.6 4.6 0 0 1 12 6.4a4.6 4.6 0 0 1 8.5 2.4C20.5 15 12 20 12 20z"/>',
  drop: '<path d="M4 7l6.5 6.5 3.5-3.5L20 16.5M20 11v5.5h-5.5"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  next: '<path d="m9 5 7 7-7 7"/>',
  filter: '<path d="M4 7h16M7 12h10M10 17h4"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  lock: '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
  alert: '<path d="M12 4 2.8 20h18.4zM12 10v5"/><path d="M12 17.2v.3"/>',
  card: '<path d="M3 6h18v12H3zM3 10h18M6.5 14.5h4"/>',
  truck:
    '<path d="M2 6h11.5v10H2zM13.5 10H18l3.5 3v3h-8z"/><circle cx="6.5" cy="17.5" r="1.8"/><circle cx="17" cy="17.5" r="1.8"/>',
  store:
    '<path d="M4 10v10h16V10M3 10l1.5-6h15L21 10a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0z"/>',
  bell: '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 18.5a2 2 0 0 0 4 0"/>',
  scan: '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7.5 8.5v7M10.5 8.5v7M13.5 8.5v7M16.5 8.5v7"/>',
  print: '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
} as const

export type IconName = keyof typeof ICONS
export const ICON_NAMES = Object.keys(ICONS) as readonly IconName[]

/** Those that go somewhere: turned round where one reads from the right. */
const DIRECTED: ReadonlySet<string> = new Set<IconName>(['cart', 'truck'])

/** A reference to an icon; the layout puts the drawing of each that is used into the page once. */
export function icon(name: IconName): Html {
  const kind = DIRECTED.has(name) ? 'icon icon-directed' : 'icon'
  return html`<svg class="${kind}" aria-hidden="true"><use href="#i-${name}"/></svg>`
}

const STAR = 'l1.9 4.2 4.6.5-3.4 3.1.9 4.5L8 11.6l-4 2.3.9-4.5L1.5 6.3l4.6-.5z'
const STARS = [0, 16, 32, 48, 64]
  .map((x) => `<path d="M8 1.6${STAR}" transform="translate(${x})"/>`)
  .join('')

export function iconSymbol(name: string): Html | undefined {
  if (name === 'stars') return html`<symbol id="i-stars" viewBox="0 0 80 16">${raw(STARS)}</symbol>`
  if (!Object.hasOwn(ICONS, name)) return undefined
  return html`<symbol id="i-${name}" viewBox="0 0 24 24">${raw(ICONS[name as IconName])}</symbol>`
}

/** The mark of the shop: a colonnade. */
export const LOGO_PATHS =
  '<path d="M2 8.5 16 2l14 6.5v2H2zM4 24.5h24v2H4zM2 28h28v2H2z"/><path d="M5.5 12h3v11h-3zM11.5 12h3v11h-3zM17.5 12h3v11h-3zM23.5 12h3v11h-3z"/>'

export function logo(): Html {
  return html`<svg class="logo-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">${raw(LOGO_PATHS)}</svg>`
}
