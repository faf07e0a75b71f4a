import type { Order, Quote, Return, Wishlist } from '@stoa/client'

export type StoredLine = { id: string; variantId: string; offerId: string; quantity: number }

export type StoredCart = {
  id: string
  currency: string
  country: string
  status: 'open' | 'ordered'
  lines: StoredLine[]
  coupons: string[]
}

export type StoredList = {
  id: string
  kind: Wishlist['kind']
  name: string
  shareId: string | null
  items: { id: string; variantId: string; quantity: number }[]
}

/** Everything that the made-up shop remembers. */
export type World = Readonly<{
  carts: Map<string, StoredCart>
  wishlists: Map<string, StoredList>
  quotes: Map<string, Quote>
  orders: Map<string, Order>
  returns: Map<string, Return>
  /** Answers by idempotency key. */
  answers: Map<string, Readonly<{ status: number; body: string }>>
  now: () => Date
  newId: (prefix: string) => string
}>

/** A refusal, as the API would answer it. */
export class FakeRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly facts: object
  constructor(status: number, code: string, facts: object = {}) {
    super(code)
    this.status = status
    this.code = code
    this.facts = facts
  }
}

export function createWorld(now: () => Date): World {
  let count = 0
  return {
    carts: new Map(),
    wishlists: new Map(),
    quotes: new Map(),
    orders: new Map(),
    returns: new Map(),
    answers: new Map(),
    now,
    newId(prefix) {
      count += 1
      return `${prefix}_01k${String(count).padStart(23, '0')}`
    },
  }
}
