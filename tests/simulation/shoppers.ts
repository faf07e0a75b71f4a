import { Problem } from '#contracts/kit/problem.ts'
import { orderIdOf } from '../../server/modules/orders/flows/place-order.ts'
import type { PlaceOrderInput } from '../../server/modules/orders/index.ts'
import { ADDRESS, fakeOffer } from '../support/checkout-fakes.ts'
import type { Token } from './bank.ts'
import type { Server, Stock, World } from './world.ts'

const OFFERS = 3
const SELLERS = ['sel_a', 'sel_b'] as const

/** An order that somebody was told is settled. */
export type Acknowledged = Readonly<{ orderId: string }>

export function drawStock({ draw }: Pick<World, 'draw'>): Stock[] {
  return Array.from({ length: OFFERS }, (_, n) =>
    ['wh_0', 'wh_1'].map((warehouseId) => ({
      offerId: `off_${n + 1}`,
      warehouseId,
      quantity: draw.below(4),
    })),
  ).flat()
}

/** Everything a shopper may do, from browsing to sending goods back, on a network that fails. */
export async function shop(
  world: World,
  name: string,
  acknowledged: Acknowledged[],
): Promise<void> {
  const { draw, scheduler, tell } = world
  await scheduler.sleep(draw.between(0, 120_000))
  const input = await quoteCart(world, name)
  if (!input) return
  const orderId = orderIdOf(input)
  tell(`${name}: buys ${orderId} with ${input.payment.token}`)
  const tries = draw.chance(0.25)
    ? [pay(world, name, input), pay(world, name, input)]
    : [pay(world, name, input)]
  const settled = (await Promise.all(tries)).some(Boolean)
  if (settled) acknowledged.push({ orderId })
  if (draw.chance(0.8)) {
    await scheduler.sleep(
      draw.chance(0.3) ? draw.between(60_000, 400_000) : draw.between(500, 20_000),
    )
    world.bank.decide(orderId, draw.chance(0.75))
  }
  if (draw.chance(0.15)) {
    const other = { ...input, key: `${input.key} again` }
    tell(`${name}: buys the same cart again`)
    if (await pay(world, name, other)) acknowledged.push({ orderId: orderIdOf(other) })
  }
  await afterSale(world, name, orderId)
}

/** Asks some server; a server that dies or a line that breaks is an answer too. */
async function ask<T>(
  { live, draw, tell, scheduler }: World,
  what: string,
  work: (server: Server) => Promise<T>,
): Promise<{ value?: T; problem?: string }> {
  const servers = live()
  if (servers.length === 0) {
    await scheduler.sleep(500)
    return { problem: 'nobody answers' }
  }
  const server = draw.pick(servers)
  tell(`${what} at ${server.process.name}`)
  const answer = await server.process
    .call(() => work(server))
    .then(
      (value) => ({ value }),
      (error: unknown) => ({
        problem: error instanceof Problem ? error.code : String(error),
      }),
    )
  tell(`${what}: ${'problem' in answer ? answer.problem : 'done'}`)
  return answer
}

async function quoteCart(world: World, name: string): Promise<PlaceOrderInput | undefined> {
  const { draw, scheduler } = world
  const lines = Array.from({ length: 1 + draw.below(2) }, () => draw.below(OFFERS) + 1)
  const bought = [...new Set(lines)].map((n) => ({
    offer: fakeOffer(n, { sellerId: SELLERS[n % 2] as string }),
    quantity: 1 + draw.below(2),
  }))
  const cart = world.cart.put(bought)
  for (let round = 0; round < 4; round += 1) {
    const { value } = await ask(world, `${name}: quote`, ({ api }) =>
      api.quote({ cartId: cart.id, shippingAddress: ADDRESS }),
    )
    if (value) {
      await scheduler.sleep(draw.between(100, 30_000))
      const token = draw.pick<Token>(['tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_asks'])
      return {
        key: `${name} buys`,
        cartId: cart.id,
        quoteId: value.quoteId,
        email: 'ada@example.com',
        shippingAddress: ADDRESS,
        shippingOptionId: 'standard',
        payment: { method: 'card', token },
        customerId: null,
        remoteAddress: '127.0.0.1',
      }
    }
    await scheduler.sleep(draw.between(500, 5_000))
  }
  return undefined
}

const FINAL = new Set([
  'payments.declined',
  'inventory.insufficient_stock',
  'invalid_transition',
  'cart.not_open',
])

/** Places an order, and again under the same key when there was no answer. @returns whether it is settled */
async function pay(world: World, name: string, input: PlaceOrderInput): Promise<boolean> {
  const { draw, scheduler } = world
  for (let round = 0; round < 5; round += 1) {
    const { value, problem } = await ask(world, `${name}: pay`, ({ api }) => api.place(input))
    if (value?.settled) return true
    if (value && draw.chance(0.6)) return false
    if (problem && FINAL.has(problem)) return false
    if (draw.chance(0.2)) return false
    await scheduler.sleep(
      draw.chance(0.2) ? draw.between(20_000, 100_000) : draw.between(200, 4_000),
    )
  }
  return false
}

async function afterSale(world: World, name: string, orderId: string): Promise<void> {
  const { draw, scheduler } = world
  const deeds = {
    cancel: (server: Server) =>
      server.api.cancel({ key: `${name} cancels`, orderId, by: 'customer' }),
    ship: async (server: Server) => {
      const { lines } = await server.api.get({ orderId })
      const line = draw.pick(lines)
      await server.api.ship({
        key: draw.pick(['first', 'second']),
        orderId,
        carrier: 'Post',
        trackingNumber: 'T1',
        ...(draw.chance(0.5) ? { lines: [{ lineId: line.id, quantity: 1 }] } : {}),
      })
    },
    refund: async (server: Server) => {
      const { lines } = await server.api.get({ orderId })
      const line = draw.pick(lines)
      const key = draw.pick(['one', 'two'])
      const whole = draw.chance(0.3) ? { shipping: true } : {}
      const units = [{ lineId: line.id, quantity: 1 }]
      await server.api.refund({ key, orderId, reason: 'goodwill', lines: units, ...whole })
    },
  } as const
  for (let left = draw.below(5); left > 0; left -= 1) {
    await scheduler.sleep(draw.chance(0.3) ? draw.between(5_000, 120_000) : draw.between(10, 3_000))
    const deed = draw.pick(['cancel', 'ship', 'ship', 'refund', 'refund'] as const)
    const once = () => ask<unknown>(world, `${name}: ${deed}`, deeds[deed])
    await (draw.chance(0.2) ? Promise.all([once(), once()]) : once())
  }
}
