import { type Html, html, raw } from '@stoa/html'

/** Line drawings on a grid of 48, of things as they stand on a shelf at y = 40. */
const DRAWINGS = {
  amphora:
    '<path d="M19 8h10M20 8v5c0 3-7 6-7 13 0 6 5 11 8 14h6c3-3 8-8 8-14 0-7-7-10-7-13V8M20 12c-4-1-8 1-8 6M28 12c4-1 8 1 8 6M13.5 24h21M14 28h20"/>',
  cartridge: '<path d="M9 16h26v24H9zM35 21h5v19h-5M13 10h12v6H13zM14 22h12v9H14zM9 36h26"/>',
  printer:
    '<path d="M13 18V8h22v10M7 18h34v16h-7M14 34H7V18M14 28h20v12H14zM18 33h12M18 36.5h8"/><path d="M36 22.5h1"/>',
  laptop: '<path d="M11 13h26v20H11zM5 40l4-7h30l4 7zM20 37h8"/>',
  computer:
    '<path d="M14 6h20v34H14zM18 11h12M18 15h12"/><circle cx="24" cy="30" r="4"/><path d="M24 22v.5"/>',
  screen: '<path d="M5 9h38v24H5zM24 33v7M15 40h18M9 13h30v16H9z"/>',
  phone:
    '<path d="M15 6h18a2 2 0 0 1 2 2v30a2 2 0 0 1-2 2H15a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM21 10h6M21 36h6"/>',
  headphones:
    '<path fill="none" d="M9 30v-6a15 15 0 0 1 30 0v6M13 27v-3a11 11 0 0 1 22 0v3"/><path d="M9 27h5v13h-2a3 3 0 0 1-3-3zM39 27h-5v13h2a3 3 0 0 0 3-3z"/>',
  speaker:
    '<path d="M13 6h22v34H13z"/><circle cx="24" cy="28" r="7"/><circle cx="24" cy="13.5" r="3"/><circle cx="24" cy="28" r="2.5"/>',
  camera:
    '<path d="M6 15h9l3-5h12l3 5h9v25H6z"/><circle cx="24" cy="27" r="8"/><circle cx="24" cy="27" r="4"/><path d="M36 20h2"/>',
  network:
    '<path d="M5 28h38v12H5zM10 34h4M17 34h4M24 34h4M36 34h2M14 28V12M34 28V16M14 12a3 3 0 0 0 0-6M34 16a3 3 0 0 1 0-6"/>',
  cable:
    '<path d="M15 8h8v9h-8zM16.5 8V4M21.5 4v4M19 17v9c0 9 12 9 12 0v-4M27 22h8v-8h-8zM29.5 14v-3h3v3M8 40h32"/>',
  drive:
    '<path d="M11 8h26v32H11zM15 12h18v16H15z"/><circle cx="24" cy="20" r="5"/><path d="M24 20h.5M15 34h8M30 34h3"/>',
  keyboard:
    '<path d="M4 22h40v18H4zM9 27h2M15 27h2M21 27h2M27 27h2M33 27h2M38 27h1M9 31.5h2M15 31.5h2M21 31.5h2M27 31.5h2M33 31.5h2M38 31.5h1M14 36h20M24 22v-7c0-4 8-2 8-7"/>',
  mouse:
    '<path d="M24 14c6 0 9 4 9 10v7c0 5-4 9-9 9s-9-4-9-9v-7c0-6 3-10 9-10zM24 14v8M15 25h18M24 14c0-7 8-3 8-9"/>',
  brush: '<path d="M30 5l6 3-11 19-6-3zM19 24l6 3c1 6-4 12-11 13 3-4 1-11 5-16z"/>',
  fridge: '<path d="M13 5h22v35H13zM13 18h22M17 10v4M17 22v7M16 40v2M32 40v2"/>',
  washer:
    '<path d="M9 6h30v34H9zM9 14h30M13 10h6M34 10h1"/><circle cx="24" cy="27" r="9"/><path d="M17 27c3-3 5 2 8 0s4-2 6-1"/>',
  oven: '<path d="M8 6h32v34H8zM8 15h32M12 20h24v15H12zM15 24h18M13 10.5h2M19 10.5h2M27 10.5h2M33 10.5h2"/>',
  kettle:
    '<path d="M14 20h18l3 20H11zM14 20c0-5 18-5 18 0M23 16v-3M32 22h6v12h-4M14 24l-6-3 4 10"/>',
  book: '<path d="M10 8h25a3 3 0 0 1 3 3v29H13a3 3 0 0 1-3-3zM10 37a3 3 0 0 1 3-3h25M16 14h16M16 18h11M15 8v26"/>',
  disc: '<circle cx="24" cy="23" r="17"/><circle cx="24" cy="23" r="5"/><circle cx="24" cy="23" r="1"/><path d="M24 11a12 12 0 0 1 12 12"/>',
  pear: '<path d="M24 12c6 0 6 6 8 11 2 4 4 6 4 10 0 5-6 7-12 7s-12-2-12-7c0-4 2-6 4-10 2-5 2-11 8-11zM24 12c0-4 1-6 3-8M25 9c4 0 7-1 8-4-5-1-8 1-8 4z"/>',
  bottle: '<path d="M20 5h8v9c0 3 6 5 6 11v15H14V25c0-6 6-8 6-11zM20 9h8M14 27h20v8H14z"/>',
  milk: '<path d="M15 16h18v24H15zM15 16l4-8h10l4 8M19 4h10v4H19zM24 8v8M19 22h10v8H19z"/>',
  bread:
    '<path d="M8 22c0-8 7-12 16-12s16 4 16 12c0 3-3 4-3 4v14H11V26s-3-1-3-4zM18 18l4 5M25 17l4 5"/>',
  fish: '<path d="M4 26c7-12 22-13 30-1l9-7c-2 6-2 11 0 17l-9-7C26 39 11 38 4 26zM12 24h.5M19 18c3 5 3 11 0 16"/>',
  jar: '<path d="M15 6h18v6H15zM17 12v3c-3 1-5 3-5 7v15a3 3 0 0 0 3 3h18a3 3 0 0 0 3-3V22c0-4-2-6-5-7v-3M12 24h24v10H12z"/>',
  cup: '<path d="M9 18h24v12c0 6-5 10-12 10S9 36 9 30zM33 21h4a5 5 0 0 1 0 10h-4M16 6c-2 3 2 4 0 7M22 6c-2 3 2 4 0 7M28 6c-2 3 2 4 0 7"/>',
  snowflake:
    '<path d="M24 5v36M8.5 14l31 18M39.5 14l-31 18M19 8l5 5 5-5M19 38l5-5 5 5M9 21l7-2-2-7M39 25l-7 2 2 7M39 21l-7-2 2-7M9 25l7 2-2 7"/>',
  sweet:
    '<circle cx="24" cy="24" r="9"/><path d="M30.5 17.5 41 11v11l-8 4M17.5 30.5 7 37V26l8-4M19 18c4 0 8 5 8 11"/>',
  cheese:
    '<path d="M5 27 31 10c7 0 12 7 12 17zM5 27h38v13H5z"/><circle cx="16" cy="33" r="2.5"/><circle cx="31" cy="34" r="3"/><circle cx="30" cy="21" r="2.5"/>',
  paw: '<ellipse cx="13" cy="22" rx="4" ry="5.5"/><ellipse cx="35" cy="22" rx="4" ry="5.5"/><ellipse cx="19.5" cy="13" rx="3.5" ry="5.5"/><ellipse cx="28.5" cy="13" rx="3.5" ry="5.5"/><path d="M24 23c6 0 11 7 11 12 0 7-7 4-11 4s-11 3-11-4c0-5 5-12 11-12z"/>',
  drops: '<path d="M17 20h14v20H17zM19 20v-6h10v6M21 14V8a3 3 0 0 1 6 0v6M17 26h14M17 34h14"/>',
  pencil: '<path d="m33 6 7 7-24 24-10 3 3-10zM28 11l7 7M9 30l7 7"/>',
  chair:
    '<path d="M14 5h20v17H14zM11 25h26v5H11zM14 30v10M34 30v10M18 22v3M30 22v3M14 11h20M14 36h20"/>',
  tool: '<path d="M7 8h20v9H7zM27 10c4 0 8 1 12 5l-4 2c-3-3-5-3-8-3M14 17h6v23h-6zM14 33h6"/>',
  pacifier:
    '<path d="M17 16h14v4H17zM15 20h18l1 20H14zM20 16c0-4 1-5 1-8a3 3 0 0 1 6 0c0 3 1 4 1 8M27 26h6M29 31h5M27 36h7"/>',
  blocks:
    '<path d="M6 24h16v16H6zM26 24h16v16H26zM16 6h16v16H16zM11 36l3-8 3 8M12 33h4M24 10v8M20 14h8"/><circle cx="34" cy="32" r="4"/>',
  bag: '<path d="M8 18h32v22H8zM18 18v-5a3 3 0 0 1 3-3h6a3 3 0 0 1 3 3v5M8 26h32M22 24h4v5h-4zM13 40v2M35 40v2"/>',
  shirt: '<path d="M17 8c2 5 12 5 14 0l11 7-5 8-4-2v19H15V21l-4 2-5-8z"/>',
  ball: '<circle cx="24" cy="23" r="17"/><path d="m24 15 8 6-3 9H19l-3-9zM24 6v9M32 21l8-3M29 30l5 7M19 30l-5 7M16 21l-8-3"/>',
  wheel:
    '<circle cx="24" cy="23" r="17"/><circle cx="24" cy="23" r="11"/><circle cx="24" cy="23" r="3"/><path d="M24 12v8M24 26v8M13 23h8M27 23h8"/>',
  lamp: '<path d="M17 8h14l6 16H11zM24 24v14M16 40h16M30 24v6"/>',
  plant:
    '<path d="M15 28h18l-2 12H17zM24 28V14M24 20c-8 0-10-5-10-10 7 0 10 4 10 10zM24 16c0-6 3-10 10-11 0 7-3 11-10 11z"/>',
  bucket: '<path d="M11 18h26l-3 22H14zM11 18c0-14 26-14 26 0M13 26h22"/>',
} as const

export type DrawingName = keyof typeof DRAWINGS
export const DRAWING_NAMES = Object.keys(DRAWINGS) as readonly DrawingName[]

/** What to draw for a category: the first of these that its slug holds. */
const BY_WORDS: readonly (readonly [words: string, DrawingName])[] = [
  ['book|print-book|magazine|print-media', 'book'],
  ['bag|backpack|luggage|case|sleeve', 'bag'],
  ['cable|adapter|power|battery|batter|charger', 'cable'],
  ['ink(?=-|$)|toner|cartridge|ribbon', 'cartridge'],
  ['print|scan|copier|fax', 'printer'],
  ['laptop|notebook|tablet', 'laptop'],
  ['phone|smartphone|mobile-phone|smartwatch', 'phone'],
  ['headphone|headset|microphone', 'headphones'],
  ['speaker|audio|sound|amplifier', 'speaker'],
  ['television|monitor|display|projector|video', 'screen'],
  ['camera|optic|lens|photo', 'camera'],
  ['network|router|switch|modem', 'network'],
  ['hard-drive|storage|memory|processor|drive|component', 'drive'],
  ['mice|mouse|trackball', 'mouse'],
  ['keyboard|input', 'keyboard'],
  ['art|hobbies|craft', 'brush'],
  ['fridge|refrigerator|freezer', 'fridge'],
  ['washing|laundry|dryer|dishwash', 'washer'],
  ['oven|microwave|cooktop|cooker|range-hood', 'oven'],
  ['kettle|kitchen-app|toaster', 'kettle'],
  ['kitchen|tableware|cookware|drinkware', 'cup'],
  ['software|dvd|music|movie', 'disc'],
  ['computer|server', 'computer'],
  ['fruit|vegetable|produce', 'pear'],
  ['cheese', 'cheese'],
  ['dairy|milk|yogurt|egg', 'milk'],
  ['frozen|ice-cream', 'snowflake'],
  ['bread|bakery|baked|pasta|grain|cereal', 'bread'],
  ['fish|seafood|meat', 'fish'],
  ['coffee|tea(?=-|$)', 'cup'],
  ['beverage|wine|beer|water|juice|soda', 'bottle'],
  ['candy|chocolate|snack|confection|cookie', 'sweet'],
  ['food', 'jar'],
  ['pet', 'paw'],
  ['baby|toddler|diaper', 'pacifier'],
  ['health|beauty|personal-care|cosmetic', 'drops'],
  ['cleaning|household', 'bucket'],
  ['plant|garden|lawn', 'plant'],
  ['light|lamp', 'lamp'],
  ['office|writing|paper', 'pencil'],
  ['furniture|chair', 'chair'],
  ['hardware|tool', 'tool'],
  ['toy|game', 'blocks'],
  ['apparel|cloth', 'shirt'],
  ['sport|fitness', 'ball'],
  ['vehicle|automotive', 'wheel'],
  ['home', 'lamp'],
  ['electronic', 'screen'],
]

// Only from the beginning of a word: a ThinkPad is no ink.
const PATTERNS = BY_WORDS.map(([words, name]) => [new RegExp(`(?:^|-)(?:${words})`), name] as const)

const known = new Map<string, DrawingName>()

/** The nearest part of the slug counts most: `electronics/print/toner` is toner. */
export function drawingFor(slug: string): DrawingName {
  let name = known.get(slug)
  if (name === undefined) {
    name = choose(slug)
    if (known.size < 10_000) known.set(slug, name)
  }
  return name
}

function choose(slug: string): DrawingName {
  for (const part of slug.toLowerCase().split('/').toReversed()) {
    const found = PATTERNS.find(([words]) => words.test(part))
    if (found) return found[1]
  }
  return 'amphora'
}

export function drawingSymbol(name: string): Html | undefined {
  if (!Object.hasOwn(DRAWINGS, name)) return undefined
  return html`<symbol id="d-${name}" viewBox="0 0 48 48">${raw(DRAWINGS[name as DrawingName])}</symbol>`
}

export function drawing(name: DrawingName): Html {
  return html`<svg class="drawing" aria-hidden="true"><use href="#d-${name}"/></svg>`
}
