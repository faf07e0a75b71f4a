import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PLANTS, type Plant } from './plants.ts'
import { simulate } from './simulation.ts'

const SEEDS = 300
/** Each planted bug is found within so many. */
const SEEDS_OF_PLANT = 700

test(`${SEEDS} seeds of shoppers, faults and crashes keep every invariant`, async () => {
  const total = { orders: 0, confirmed: 0, crashes: 0 }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const outcome = await simulate(seed)
    const again = `npm run simulate -- --seed ${seed}`
    assert.deepEqual(outcome.breaches, [], again)
    total.orders += outcome.orders
    total.confirmed += outcome.confirmed
    total.crashes += outcome.crashes
  }
  assert.ok(total.confirmed > SEEDS && total.orders > 2 * SEEDS, JSON.stringify(total))
  assert.ok(total.crashes > SEEDS, 'processes crash')
})

test('a seed lives through the same story each time', async () => {
  for (const seed of [3, 10, 29]) {
    const [first, second] = [await simulate(seed), await simulate(seed)]
    assert.ok(first.story.length > 20)
    assert.deepEqual(second, first)
  }
})

for (const [name, plant] of Object.entries<Plant>(PLANTS)) {
  test(`the planted bug ${name} is found`, async () => {
    for (let seed = 1; seed <= SEEDS_OF_PLANT; seed += 1) {
      const { breaches } = await simulate(seed, plant)
      if (breaches.some((breach) => /^I\d: /.test(breach))) return
    }
    assert.fail(`${SEEDS_OF_PLANT} seeds do not find it`)
  })
}
