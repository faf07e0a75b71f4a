import type { DemoSeller } from './model.ts'
import { type Merchant, makePerformance } from './pricerunner/merchants.ts'

const own: readonly Omit<DemoSeller, 'performance' | 'demo'>[] = [
  { code: 'icecat', name: 'Icecat Demo Store', country: 'US', department: 'Electronics' },
  {
    code: 'goodbooks',
    name: 'Goodbooks Demo Bookshop',
    country: 'US',
    department: 'Books & Media',
  },
  {
    code: 'grocer',
    name: 'Complete Journey Demo Grocer',
    country: 'US',
    department: 'Food & Drink',
  },
  {
    code: 'openfoodfacts',
    name: 'Open Food Facts Demo Pantry',
    country: 'FR',
    department: 'Food & Drink',
  },
]

/** One shop a set, and PriceRunner's merchants by number: their names are not in the source. */
export function buildSellers(merchants: Iterable<Merchant>): readonly DemoSeller[] {
  const standard = { orderDefectRate: 0.004, lateShipmentRate: 0.015, cancelRate: 0.008 }
  return [
    ...own.map((seller) => ({ ...seller, demo: true as const, performance: standard })),
    ...[...merchants].map(({ code, country }) => ({
      code,
      name: `Merchant ${code.replace('pricerunner-m', '')}`,
      country,
      demo: true as const,
      performance: makePerformance(code),
    })),
  ]
}
