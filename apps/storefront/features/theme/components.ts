import { brandMark, shopFooter } from '../../lib/frame.ts'
import type { Components } from '../../lib/shop.ts'
import { productTile } from '../products/tile.ts'

/** The shop's own parts of pages. */
export const STANDARD: Components = { brand: brandMark, footer: shopFooter, tile: productTile }
