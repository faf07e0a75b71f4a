import type { ReturnNews, ShipmentNews } from './facts.ts'

/** A subject and what is said first. `{number}`, `{name}`, `{amount}` and the like are put in. */
export type Said = Readonly<{ subject: string; text: string }>

/** All words of letters about orders and prices, in one language. */
export type LetterWords = Readonly<{
  confirmed: Said
  cancelledByYou: Said
  cancelledByUs: Said
  /** What becomes of the money of an order that was cancelled. */
  moneyBack: string
  unitsCancelled: Said
  shipments: Readonly<Record<ShipmentNews, Said>>
  refunded: Said
  returns: Readonly<Record<ReturnNews, Said>>
  prices: Readonly<{ one: Said; several: Said; was: string; end: string }>
  tracking: string
  expected: string
  items: string
  parcel: string
  deliveredTo: string
  subtotal: string
  discount: string
  delivery: string
  free: string
  tax: string
  taxIncluded: string
  total: string
  toOrder: string
  toParcel: string
  toReturn: string
  toWishes: string
  whyOrder: string
  whyPrices: string
}>
