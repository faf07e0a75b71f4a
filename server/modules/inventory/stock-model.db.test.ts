/**
 * Random sequences of all that happens to stock, sales and stock keeping together, against the plainest model: three
 * numbers a warehouse. After each sequence the levels are what the model says, and the ledger adds up.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as routes from '#contracts/inventory/routes.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { BERLIN, testInventory } from '../../../tests/support/inventory.ts'
import { operatorOf } from '../../../tests/support/operator.ts'

const shop = await testInventory()
const operator = operatorOf(shop, shop.parts.routes)
const PLACES = ['berlin', 'munich'] as const
type Place = (typeof PLACES)[number]

type Step =
  | Readonly<{ do: 'adjust'; at: Place; delta: number }>
  | Readonly<{
      do: 'dispose'
      at: Place
      kind: 'damaged' | 'repaired' | 'written_off'
      units: number
    }>
  | Readonly<{ do: 'count'; at: Place; counted: number }>
  | Readonly<{ do: 'sell'; units: number }>
  | Readonly<{ do: 'send'; at: Place; units: number }>
  | Readonly<{ do: 'buy'; at: Place; units: number }>
  | Readonly<{ do: 'arrive'; nth: number; units: number; damaged: number }>
  | Readonly<{ do: 'close'; nth: number }>

const at = fc.constantFrom(...PLACES)
const units = fc.integer({ min: 1, max: 6 })
const nth = fc.integer({ min: 0, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('adjust' as const), at, delta: fc.integer({ min: -4, max: 8 }) }),
  fc.record({
    do: fc.constant('dispose' as const),
    at,
    kind: fc.constantFrom('damaged' as const, 'repaired', 'written_off'),
    units,
  }),
  fc.record({ do: fc.constant('count' as const), at, counted: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ do: fc.constant('sell' as const), units }),
  fc.record({ do: fc.constantFrom('send' as const, 'buy'), at, units }),
  fc.record({
    do: fc.constant('arrive' as const),
    nth,
    units,
    damaged: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ do: fc.constant('close' as const), nth }),
)

type Numbers = { onHand: number; damaged: number; incoming: number; promised: number }
type Journey = { id: string; to: Place; open: number }

/** Plays a sequence for real and in the model, which must allow and refuse the same. */
async function play(round: string, steps: readonly Step[]): Promise<void> {
  const offerId = `offer-${round}`
  const stock: Record<Place, Numbers> = {
    berlin: { onHand: 0, damaged: 0, incoming: 0, promised: 0 },
    munich: { onHand: 0, damaged: 0, incoming: 0, promised: 0 },
  }
  const journeys: Journey[] = []
  const warehouseId = (place: Place) => shop.warehouse[place]
  let commands = 0

  async function call(route: Parameters<typeof operator>[0], input: object): Promise<unknown> {
    commands += 1
    const answer = await operator(route, {
      ...input,
      headers: { 'idempotency-key': `${round}-${commands}` },
    })
    return answer.status < 400 ? answer.body : undefined
  }
  const row = (place: Place) => ({ params: { offerId, warehouseId: warehouseId(place) } })

  async function take(one: Step): Promise<void> {
    if (one.do === 'adjust') {
      const own = stock[one.at]
      const done = await call(routes.adjustStock, {
        ...row(one.at),
        body: { delta: one.delta, reason: 'model' },
      })
      assert.equal(done !== undefined, own.onHand + one.delta >= own.promised)
      if (done) own.onHand += one.delta
    } else if (one.do === 'dispose') {
      const own = stock[one.at]
      const body = { kind: one.kind, quantity: one.units, reason: 'model' }
      const done = await call(routes.disposeStock, { ...row(one.at), body })
      const fits =
        one.kind === 'damaged' ? own.onHand - one.units >= own.promised : own.damaged >= one.units
      assert.equal(done !== undefined, fits)
      if (!done) return
      if (one.kind !== 'written_off') own.onHand += one.kind === 'damaged' ? -one.units : one.units
      own.damaged += one.kind === 'damaged' ? one.units : -one.units
    } else if (one.do === 'count') {
      const own = stock[one.at]
      const body = { counted: one.counted, expected: own.onHand, reason: 'model' }
      assert.ok(await call(routes.countStock, { ...row(one.at), body }))
      own.onHand = one.counted
      own.promised = Math.min(own.promised, one.counted)
    } else if (one.do === 'sell') await sell(one)
    else if (one.do === 'send' || one.do === 'buy') await depart(one)
    else await end(one)
  }

  async function sell(one: Readonly<{ units: number }>): Promise<void> {
    commands += 1
    const key = `${round}-sale-${commands}`
    const free = PLACES.reduce((sum, p) => sum + stock[p].onHand - stock[p].promised, 0)
    const lines = [{ offerId, quantity: one.units }]
    const held = await shop.api
      .reserve({ key, lines, destination: BERLIN, ttlSeconds: 600 })
      .catch((error: unknown) => {
        if (error instanceof Problem) return undefined
        throw error
      })
    assert.equal(held !== undefined, free >= one.units)
    if (!held) return
    await shop.api.commit({ key })
    for (const part of held.allocations) {
      const place = PLACES.find((p) => warehouseId(p) === part.warehouseId) as Place
      stock[place].promised += part.quantity
    }
  }

  async function depart(one: Extract<Step, { do: 'send' | 'buy' }>): Promise<void> {
    const from = one.at
    const to = from === 'berlin' ? 'munich' : 'berlin'
    const made = (await call(routes.createTransfer, {
      body: {
        fromWarehouseId: one.do === 'buy' ? null : warehouseId(from),
        toWarehouseId: warehouseId(to),
        lines: [{ offerId, quantity: one.units }],
      },
    })) as { id: string }
    if (one.do === 'send') {
      const own = stock[from]
      const left = await call(routes.shipTransfer, { params: { transferId: made.id } })
      assert.equal(left !== undefined, own.onHand - own.promised >= one.units)
      if (!left) return
      own.onHand -= one.units
    }
    stock[to].incoming += one.units
    journeys.push({ id: made.id, to, open: one.units })
  }

  async function end(one: Extract<Step, { do: 'arrive' | 'close' }>): Promise<void> {
    const journey = journeys[one.nth]
    if (!journey) return
    const params = { transferId: journey.id }
    const own = stock[journey.to]
    if (one.do === 'close') {
      const done = await call(routes.closeTransfer, { params })
      assert.equal(done !== undefined, journey.open > 0)
      own.incoming -= journey.open
      journey.open = 0
      return
    }
    const damaged = Math.min(one.damaged, one.units)
    const body = { lines: [{ offerId, quantity: one.units, damaged }] }
    const done = await call(routes.receiveTransfer, { params, body })
    assert.equal(done !== undefined, journey.open >= one.units)
    if (!done) return
    journey.open -= one.units
    own.incoming -= one.units
    own.onHand += one.units - damaged
    own.damaged += damaged
  }

  for (const one of steps) await take(one)
  for (const level of await shop.api.levels({ offerId })) {
    const place = PLACES.find((p) => warehouseId(p) === level.warehouseId) as Place
    const { quantity, damaged, incoming, reserved } = level
    assert.deepEqual(
      { onHand: quantity, damaged, incoming, promised: reserved },
      stock[place],
      place,
    )
  }
}

test('stock keeping and sales follow the model, whatever their order, and the ledger adds up', async () => {
  let rounds = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      rounds += 1
      await play(String(rounds), steps)
    }),
    { numRuns: 60 },
  )
  assert.deepEqual(await shop.api.audit(), [])
})
