import type { Client } from '@stoa/client'
import type { Departments } from '../features/departments/departments.ts'
import type { Markets } from '../features/markets/markets.ts'
import type { Promises } from '../features/products/promises.ts'
import type { Components } from '../features/theme/components.ts'
import type { Language, Messages } from '../messages/index.ts'
import type { Assets } from './assets.ts'
import type { Lifetimes } from './lifetimes.ts'
import type { PageCache } from './page-cache.ts'

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
  pages: PageCache
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
