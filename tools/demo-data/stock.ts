import { draw, drawWhole } from './draw.ts'

const outOfStockShare = 0.04
const lowStockShare = 0.12
const most = 2000

/**
 * Pieces of one offer: 4 % none, 8 % one to three, the rest a Pareto tail (few sellers hold very
 * many).
 */
export function makeQuantity(key: string): number {
  const level = draw('stock-level', key)
  if (level < outOfStockShare) return 0
  if (level < lowStockShare) return drawWhole({ low: 1, high: 3 }, 'stock-low', key)
  return Math.min(most, Math.floor(4 / (1 - draw('stock', key)) ** 0.8))
}

/**
 * Spreads an offer's pieces over the warehouses; the first gets the most, small stocks lie in one
 * place.
 */
export function makeStock(key: string, warehouses: readonly string[]): Record<string, number> {
  const quantity = makeQuantity(key)
  const start = Math.floor(draw('stock-place', key) * warehouses.length)
  const places = warehouses.map((_, i) => warehouses[(start + i) % warehouses.length] as string)
  const stock: Record<string, number> = {}
  let left = quantity
  for (const [i, place] of places.entries()) {
    const last = i === places.length - 1
    const share = left <= 3 || last ? left : Math.ceil(left * (0.5 + 0.3 * draw('share', key, i)))
    if (share > 0 || i === 0) stock[place] = share
    left -= share
  }
  return stock
}
