import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import type { FakeToken } from '../../../tests/support/fake-provider.ts'
import { seededChance } from '../../platform/chance.ts'
import { orderIdOf } from './flows/place-order.ts'

const INTERLEAVINGS = 1_000
/**
 * So many orders are raced side by side: each for itself, as in a shop. Each moves the one clock by a minute, and the
 * bank's calls of the others last as long: no longer than after what a charge is given up as never received.
 */
const SIDE_BY_SIDE = 10

const shop = await openCheckoutShop()
const rival = shop.openRival()

/** Where a call to the bank stands until the schedule lets it go on. */
type Gate = Readonly<{ passed: Promise<void>; open(): void }>

function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve }
}

const gates = new Map<string, Readonly<{ request: Gate; answer: Gate }>>()
const charge = shop.provider.authorize
Object.assign(shop.provider, {
  async authorize(input: Parameters<typeof charge>[0]) {
    const held = gates.get(input.reference)
    await held?.request.passed
    const answer = await charge(input).then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error
      },
    )
    await held?.answer.passed
    return answer()
  },
})

const TOKENS: readonly FakeToken[] = [
  'tok_success',
  'tok_success',
  'tok_timeout',
  'tok_requires_action',
]

/**
 * One order, whose client, the client's retry in another process, two webhooks and the worker come
 * in an order that follows from the seed, around a bank that takes and answers when it likes.
 */
async function race(seed: number): Promise<void> {
  const chance = seededChance(seed)
  const draw = (below: number) => Math.floor(chance.float() * below)
  const token = TOKENS[draw(TOKENS.length)] as FakeToken
  const bought = [{ offer: fakeOffer(1), quantity: 1 }]
  const input = await shop.prepare(`race ${seed}`, token, bought)
  const orderId = orderIdOf(input)
  const held = { request: gate(), answer: gate() }
  gates.set(orderId, held)
  const running: Promise<unknown>[] = []
  const go = (work: () => Promise<unknown>) => void running.push(work().catch(() => {}))
  const webhook = async () => {
    const isAsked = shop.provider.paymentsOf(orderId).at(-1)?.status === 'requires_action'
    if (isAsked) shop.provider.decide(orderId, true)
    await shop.webhook(orderId)
  }
  const work = async () => {
    shop.clock.advance(61_000)
    await rival.tickers.find(({ name }) => name === 'orders.resume_checkouts')?.run()
  }
  const steps = [
    () => go(() => shop.orders.api.place(input)),
    () => go(() => rival.api.place(input)),
    () => go(webhook),
    () => go(webhook),
    () => go(work),
    () => held.request.open(),
    () => held.answer.open(),
  ]
  for (let left = steps.length; left > 0; left -= 1) {
    const [step] = steps.splice(draw(left), 1)
    step?.()
    for (let turns = draw(12); turns > 0; turns -= 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(running)
  gates.delete(orderId)
  await webhook().catch(() => {})
}

test(`${INTERLEAVINGS} interleavings of client, retry, webhook and worker: one order, one charge`, async () => {
  for (let seed = 1; seed <= INTERLEAVINGS; seed += SIDE_BY_SIDE) {
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, n) => race(seed + n)))
  }
  for (let round = 0; round < 6; round += 1) {
    shop.clock.advance(120_000)
    await shop.settle()
  }
  const orders = await shop.listOrders()
  assert.equal(orders.length, INTERLEAVINGS, 'every order was placed, and placed once')
  const often = orders.filter(({ confirmed }) => confirmed !== 1)
  assert.deepEqual(often, [], 'each is confirmed once')
  for (const { id } of orders) {
    const made = shop.provider.paymentsOf(id)
    assert.equal(made.length, 1, `${id} was charged ${made.length} times`)
    assert.equal(made[0]?.captured, made[0]?.amount)
    assert.equal(made[0]?.refunded, 0)
  }
  const { rows } = await shop.db.query({
    text: `select kind, count(*)::int as n from payments.journals group by kind order by kind`,
  })
  assert.deepEqual(rows, [
    { kind: 'capture', n: INTERLEAVINGS },
    { kind: 'sale', n: INTERLEAVINGS },
  ])
  await rival.stop?.()
  assert.deepEqual(await shop.audit(), [])
})
