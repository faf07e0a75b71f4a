import type { Actor } from '../../platform/http/actor.ts'
import type { RequestHeaders } from '../../platform/http/visitor.ts'

export type ViewCounts = Readonly<{
  /** Kept in the database. */
  written: number
  /** Not taken, because too many waited; or not kept, because the database refused them. */
  dropped: number
  waiting: number
}>

export type RecommendationsApi = Readonly<{
  /**
   * Remembers that a product's page was looked at. It costs the page nothing: it never waits and
   * never throws, and while the database cannot keep up, views are dropped and counted.
   */
  recordView(input: {
    productId: string
    actor: Actor
    /** Of the request: the visitor's id, and whether he wants to be followed. */
    headers: RequestHeaders
    at: Date
  }): void
  viewCounts(): ViewCounts
}>
