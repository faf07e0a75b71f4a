import * as contract from '#contracts/cart/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { CartApi } from './api.ts'
import { asker } from './asker.ts'

export function cartBindings(api: CartApi): readonly Binding[] {
  return [
    bind(contract.createCart, async ({ body }, { actor }) => {
      return { status: 201, body: await api.create({ ...body, ...asker(actor) }) }
    }),
    bind(contract.getCart, async ({ params }, { actor }) => {
      return { status: 200, body: await api.get({ ...params, ...asker(actor) }) }
    }),
    bind(contract.addCartLine, async ({ params, body }, { actor, idempotencyKey }) => {
      const line = { ...params, ...body, ...asker(actor), key: idempotencyKey }
      return { status: 200, body: await api.addLine(line) }
    }),
    bind(contract.changeCartLine, async ({ params, body }, { actor }) => {
      const line = { ...params, ...body, ...asker(actor) }
      return { status: 200, body: await api.changeLine(line) }
    }),
    bind(contract.removeCartLine, async ({ params }, { actor }) => {
      return { status: 200, body: await api.removeLine({ ...params, ...asker(actor) }) }
    }),
    bind(contract.addCoupon, async ({ params }, { actor }) => {
      return { status: 200, body: await api.addCoupon({ ...params, ...asker(actor) }) }
    }),
    bind(contract.removeCoupon, async ({ params }, { actor }) => {
      return { status: 200, body: await api.removeCoupon({ ...params, ...asker(actor) }) }
    }),
  ]
}
