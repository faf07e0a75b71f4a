import {
  approveReturn,
  cancelReturn,
  declineReturn,
  inspectReturn,
  labelReturn,
  listReturns,
  listReturnsOfOrder,
  receiveReturn,
  requestReturn,
  resolveReturn,
  sendReturn,
} from '#contracts/orders/returns.ts'
import type { Actor } from '../../platform/http/actor.ts'
import { type Binding, bind, type CallContext } from '../../platform/http/binding.ts'
import type { ReturnsApi } from './returns.ts'

type Deps = Readonly<{
  returns: ReturnsApi
  /** @throws not_found for an order that the caller may not see */
  check(orderId: string, actor: Actor): Promise<void>
}>

const PAGE = 20

export function returnBindings({ returns, check }: Deps): Binding[] {
  const by = (actor: Actor) => (actor.kind === 'operator' ? 'operator' : 'customer')
  const command = (
    params: Readonly<{ orderId: string; returnId: string }>,
    { actor, idempotencyKey = '' }: CallContext,
  ) => ({ ...params, key: idempotencyKey, by: by(actor) }) as const
  return [
    bind(requestReturn, async ({ params, body }, { actor, idempotencyKey = '' }) => {
      await check(params.orderId, actor)
      const asked = { ...params, ...body, key: idempotencyKey, by: by(actor) } as const
      return { status: 201, body: await returns.request(asked) }
    }),
    bind(listReturnsOfOrder, async ({ params }, { actor }) => {
      await check(params.orderId, actor)
      return { status: 200, body: { items: await returns.listOfOrder(params), nextCursor: null } }
    }),
    bind(sendReturn, async ({ params, body }, context) => {
      await check(params.orderId, context.actor)
      return { status: 200, body: await returns.send({ ...command(params, context), ...body }) }
    }),
    bind(cancelReturn, async ({ params }, context) => {
      await check(params.orderId, context.actor)
      return { status: 200, body: await returns.cancel(command(params, context)) }
    }),
    bind(listReturns, async ({ query }) => {
      const { state = 'requested', cursor: after = null, limit = PAGE } = query
      return { status: 200, body: await returns.listIn({ state, after, limit }) }
    }),
    bind(approveReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.approve({ ...command(params, context), ...body }),
    })),
    bind(declineReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.decline({ ...command(params, context), ...body }),
    })),
    bind(labelReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.label({ ...command(params, context), ...body }),
    })),
    bind(receiveReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.receive({ ...command(params, context), ...body }),
    })),
    bind(inspectReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.inspect({ ...command(params, context), ...body }),
    })),
    bind(resolveReturn, async ({ params, body }, context) => ({
      status: 200,
      body: await returns.resolve({ ...command(params, context), ...body }),
    })),
  ]
}
