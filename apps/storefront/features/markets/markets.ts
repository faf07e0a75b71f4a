import type { Client, Operations } from '@stoa/client'
import { kept } from '../../lib/kept.ts'

type Listed = Operations['listMarkets']['reply']

/** Where the shop sells, and in which currencies. */
export type Markets = Readonly<{
  list(): Promise<Listed>
}>

/** Until the shop can say otherwise. */
const FALLBACK: Listed = {
  items: [{ country: 'US', currency: 'USD', taxIncluded: false }],
  currencies: ['USD'],
  ratesAsOf: '2026-01-01',
  nextCursor: null,
}
const LIFETIME_MS = 5 * 60_000

export function createMarkets(api: Client, now: () => Date): Markets {
  const list = kept(now, LIFETIME_MS, async () => {
    const result = await api.listMarkets({})
    return result.ok && result.data.items.length > 0 ? result.data : undefined
  })
  return { list: async () => (await list()) ?? FALLBACK }
}
