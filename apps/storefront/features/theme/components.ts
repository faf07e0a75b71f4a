import type { CategoryNode, ProductSummary } from '@stoa/client'
import type { Html } from '@stoa/html'
import { brandMark, shopFooter } from '../../lib/frame.ts'
import type { Visit } from '../../lib/visit.ts'
import { productTile } from '../products/tile.ts'
import type { Origin } from '../search/following.ts'

/** The parts of pages that a theme may put its own in the place of. */
export type Components = Readonly<{
  /** Mark and name of the shop, inside the link to its home. */
  brand(visit: Visit): Html
  /** The foot of every page but those of the checkout. */
  footer(visit: Visit, departments: readonly CategoryNode[], ratesAsOf: string): Html
  /** A product in a list: a list item. */
  tile(visit: Visit, product: ProductSummary, origin?: Origin, isFirst?: boolean): Html
}>

export const STANDARD: Components = { brand: brandMark, footer: shopFooter, tile: productTile }
