import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '#contracts/kit/problem.ts'
import { demand, testInventory } from '../../../tests/support/inventory.ts'
import type { InventoryApi } from './index.ts'

const shop = await testInventory()
const { berlin } = shop.warehouse
const sweeper = shop.parts.tickers.find((ticker) => ticker.name === 'inventory.expire_holds')

const OFFERS = ['x', 'y'] as const
type Offer = (typeof OFFERS)[number]
const INITIAL = 6

type Step =
  | Readonly<{ do: 'reserve'; key: number; x: number; y: number }>
  | Readonly<{ do: 'commit' | 'release'; key: number }>
  | Readonly<{ do: 'part' | 'ship'; key: number; offer: Offer; quantity: number; id: number }>
  | Readonly<{ do: 'adjust'; offer: Offer; delta: number; id: number }>
  | Readonly<{ do: 'expire' | 'sweep' }>

const key = fc.integer({ min: 0, max: 5 })
const id = fc.integer({ min: 0, max: 3 })
const offer = fc.constantFrom(...OFFERS)
const quantity = fc.integer({ min: 1, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        do: fc.constant('reserve' as const),
        key,
        x: fc.integer({ min: 0, max: 4 }),
        y: fc.integer({ min: 0, max: 4 }),
      })
      .filter(({ x, y }) => x + y > 0),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'release'), key }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('part' as const, 'ship'),
      key,
      offer,
      quantity,
      id,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      offer,
      delta: fc.integer({ min: -4, max: 4 }),
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('expire' as const, 'sweep') }) },
)

/** Runs a step for real. @returns whether it was done; a refusal is false, anything else is thrown. */
async function run(api: InventoryApi, round: string, one: Step): Promise<boolean> {
  const name = (what: number | string) => `${round}-${what}`
  try {
    if (one.do === 'reserve') {
      const lines = OFFERS.filter((o) => one[o] > 0).map((o) => [name(o), one[o]] as const)
      await api.reserve(demand(name(one.key), ...lines))
    } else if (one.do === 'commit') await api.commit({ key: name(one.key) })
    else if (one.do === 'release') await api.release({ key: name(one.key), reason: 'released' })
    else if (one.do === 'part') {
      const lines = [{ offerId: name(one.offer), quantity: one.quantity }]
      const releaseKey = String(one.id)
      await api.release({ key: name(one.key), reason: 'cancelled', lines, releaseKey })
    } else if (one.do === 'ship') {
      const line = { offerId: name(one.offer), warehouseId: berlin, quantity: one.quantity }
      const shipmentKey = `${name(one.key)}-${one.id}`
      await api.ship({ key: name(one.key), shipmentKey, lines: [line] })
    } else if (one.do === 'adjust') {
      const { delta } = one
      const at = { offerId: name(one.offer), warehouseId: berlin, reason: 'test' }
      await api.adjust({ ...at, key: String(one.id), delta })
    } else if (one.do === 'expire') await shop.passTime(601)
    else await sweeper?.run()
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

type Held = { state: 'held' | 'committed' | 'released' | 'expired'; open: Record<Offer, number> }

/** What the module shall do, in the plainest words: no counters, no batches, no sweeper. */
function createModel() {
  const stock: Record<Offer, number> = { x: INITIAL, y: INITIAL }
  const reservations = new Map<number, Held>()
  const commands = new Set<string>()
  const live = (held: Held) => held.state === 'held' || held.state === 'committed'
  const free = (o: Offer) =>
    [...reservations.values()].filter(live).reduce((left, held) => left - held.open[o], stock[o])
  const fits = (wanted: Record<Offer, number>) => OFFERS.every((o) => free(o) >= wanted[o])

  function change(one: Step & Readonly<{ do: 'part' | 'ship' }>): boolean {
    const held = reservations.get(one.key)
    const command = `${one.do} ${one.key} ${one.id}`
    if (!held) return one.do === 'part'
    if (commands.has(command)) return true
    const allowed = one.do === 'ship' ? held.state === 'committed' : live(held)
    if (!allowed || held.open[one.offer] < one.quantity) return false
    held.open[one.offer] -= one.quantity
    if (one.do === 'ship') stock[one.offer] -= one.quantity
    commands.add(command)
    return true
  }

  function apply(one: Step): boolean {
    if (one.do === 'part' || one.do === 'ship') return change(one)
    if (one.do === 'reserve') {
      if (reservations.has(one.key)) return true
      if (!fits(one)) return false
      reservations.set(one.key, { state: 'held', open: { x: one.x, y: one.y } })
    } else if (one.do === 'commit') {
      const held = reservations.get(one.key)
      if (!held || held.state === 'released') return false
      if (held.state === 'expired' && !fits(held.open)) return false
      held.state = 'committed'
    } else if (one.do === 'release') {
      const held = reservations.get(one.key)
      if (held) held.state = 'released'
    } else if (one.do === 'adjust') {
      const command = `adjust ${one.offer} ${one.id}`
      if (commands.has(command)) return true
      if (free(one.offer) + one.delta < 0 || stock[one.offer] + one.delta < 0) return false
      stock[one.offer] += one.delta
      commands.add(command)
    } else if (one.do === 'expire') {
      for (const held of reservations.values()) if (held.state === 'held') held.state = 'expired'
    }
    return true
  }
  return { apply, free }
}

let rounds = 0

async function newRound(): Promise<string> {
  rounds += 1
  const round = `round-${rounds}`
  await shop.stock(Object.fromEntries(OFFERS.map((o) => [`${round}-${o}`, { berlin: INITIAL }])))
  return round
}

test('any sequence of commands does what the plain model does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const round = await newRound()
      const model = createModel()
      for (const [place, one] of steps.entries()) {
        const api = place % 2 ? shop.rival : shop.api
        const told = `step ${place}: ${JSON.stringify(one)}`
        assert.equal(await run(api, round, one), model.apply(one), told)
        for (const o of OFFERS)
          assert.equal(await shop.available(`${round}-${o}`), model.free(o), told)
      }
    }),
    { numRuns: 60 },
  )
  while (((await sweeper?.run()) ?? 0) > 0);
  assert.deepEqual(await shop.api.audit(), [])
})

test('whatever runs at once in two processes, nothing is oversold and nothing leaks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 2, maxLength: 30 }), { minLength: 1, maxLength: 5 }),
      async (waves) => {
        const round = await newRound()
        for (const wave of waves) {
          await Promise.all(
            wave
              .filter((one) => one.do !== 'expire')
              .map((one, place) => run(place % 2 ? shop.rival : shop.api, round, one)),
          )
          if (wave.some((one) => one.do === 'expire')) await shop.passTime(61)
          const breaches = await shop.api.audit()
          assert.deepEqual(
            breaches.filter((breach) => !/is not swept/.test(breach)),
            [],
          )
        }
      },
    ),
    { numRuns: 40 },
  )
})
