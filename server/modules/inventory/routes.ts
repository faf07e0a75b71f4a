import { adjustStock, getStock, setStock } from '#contracts/inventory/routes.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { InventoryApi } from './api.ts'

export function createRoutes(api: InventoryApi): Binding[] {
  return [
    bind(getStock, async ({ params: { offerId } }) => {
      const items = await api.levels({ offerId })
      if (items.length === 0) {
        throw generalProblem('not_found', { detail: `No warehouse has a level of ${offerId}` })
      }
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(setStock, async ({ params, body }, { idempotencyKey, requestId }) => {
      const key = idempotencyKey ?? requestId
      return { status: 200, body: await api.setLevel({ key, ...params, ...body }) }
    }),
    bind(adjustStock, async ({ params, body }, { idempotencyKey, requestId }) => {
      const key = idempotencyKey ?? requestId
      return { status: 200, body: await api.adjust({ key, ...params, ...body }) }
    }),
  ]
}
