import type { Account, CategoryNode, Client, ProductSummary } from '@stoa/client'
import type { Html } from '@stoa/html'
import type { FastifyReply } from 'fastify'
import type { Departments } from '../features/departments/departments.ts'
import type { Choice } from '../features/markets/choice.ts'
import type { Markets } from '../features/markets/markets.ts'
import type { Promises } from '../features/products/promises.ts'
import type { Origin } from '../features/search/origin.ts'
import type { Language, Messages } from '../messages/index.ts'
import type { Assets } from './assets.ts'
import type { CartCookie, Flash } from './cookies.ts'
import type { Format } from './format.ts'
import type { Lifetimes } from './lifetimes.ts'
import type { PageCache } from './page-cache.ts'
import type { VisitorHeaders } from './visitor.ts'

export type StorefrontLog = Readonly<{
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}>

/** What every page may use: made once, when the storefront is created. */
export type Shop = Readonly<{
  api: Client
  assets: Assets
  departments: Departments
  markets: Markets
  promises: Promises
  pages: PageCache<Instead>
  /** Parts of pages: the shop's own, or its theme's. */
  components: Components
  wordsOf: (language: Language) => Messages
  lifetimes: Lifetimes
  /** Origin of the shop, as shoppers reach it, without a slash at the end. */
  publicUrl: string
  /** Origin of the payment provider's card pages; null: no card payments. */
  providerUrl: string | null
  /** Whether the provider's named test tokens may be chosen. */
  testPayments: boolean
  /** Whether pictures are loaded from the addresses that the catalogue gives. */
  externalImages: boolean
  /** Bytes of a picture that the shop keeps, by its address; undefined if it is not to be had. */
  readPicture: (url: string) => Promise<Uint8Array | undefined>
  secureCookies: boolean
  log: StorefrontLog
  newId: () => string
  now: () => Date
}>

/** One request for a page: who looks, in which words and prices, with which cart. */
export type Visit = Readonly<{
  shop: Shop
  choice: Choice
  /** Country and currency as queries of the API take them. */
  market: Readonly<{ country: string; currency: string }>
  t: Messages
  format: Format
  cart: CartCookie | undefined
  /** Who is signed in. */
  account: Account | undefined
  flash: Flash | undefined
  /** Whether the browser has the style sheet already. */
  hasStyles: boolean
  /** Headers by which the API knows whose searches and views these are. */
  visitor: VisitorHeaders
  /** Path and query of the page, but for its language. */
  url: string
}>

/** The parts of pages that a theme may put its own in the place of. */
export type Components = Readonly<{
  /** Mark and name of the shop, inside the link to its home. */
  brand(visit: Visit): Html
  /** The foot of every page but those of the checkout. */
  footer(visit: Visit, departments: readonly CategoryNode[], ratesAsOf: string): Html
  /** A product in a list: a list item. */
  tile(visit: Visit, product: ProductSummary, origin?: Origin, isFirst?: boolean): Html
}>

/** What is answered where there is no page to keep. */
export type Instead = (visit: Visit, reply: FastifyReply) => unknown
