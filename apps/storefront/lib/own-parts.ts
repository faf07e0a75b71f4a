import { type Html, raw } from '@stoa/html'

/** Parts of a page that are one visitor's own; what stands around them may be everybody's. */
const OWN_PARTS = [
  'styles',
  'symbols',
  'account',
  'cart',
  'flash',
  'accountTab',
  'cartTab',
  'seen',
  'delivery',
] as const
export type OwnPart = (typeof OWN_PARTS)[number]
export type OwnParts = Readonly<Partial<Record<OwnPart, Html | false | undefined>>>

/** A page cut at the places of its own parts: text, name, text, name, …, text. */
export type CutPage = readonly string[]

const MARK = /<!--own:(\w+)-->/

/** Where an own part goes. No text of others can look like this: its `<` is escaped. */
export function place(part: OwnPart): Html {
  return raw(`<!--own:${part}-->`)
}

/** Marks what names a person: browsers that keep a page for later leave it out. */
export function ownOnly(part: Html): Html {
  return raw(`<!--own-->${part.text}<!--/own-->`)
}

export function cut(page: Html): CutPage {
  return page.text.split(MARK)
}

/** The page of one visitor. */
export function fill(page: CutPage, parts: OwnParts): string {
  return page.reduce(
    (text, piece, at) =>
      text + (at % 2 === 0 ? piece : (parts[piece as OwnPart] || { text: '' }).text),
    '',
  )
}
