import * as contract from '#contracts/pricing/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { PricingApi } from './api.ts'

export function pricingBindings(api: PricingApi): readonly Binding[] {
  return [
    bind(contract.listMarkets, async () => {
      const markets = await api.markets()
      return { status: 200 as const, body: { ...markets, nextCursor: null } }
    }),
  ]
}
