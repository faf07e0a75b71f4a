import { audit } from './invariants.ts'
import type { Plant } from './plants.ts'
import { type Acknowledged, drawStock, shop } from './shoppers.ts'
import { createWorld, fill, type World } from './world.ts'

/** What became of one seed. */
export type Outcome = Readonly<{
  seed: number
  /** Empty: every invariant holds. */
  breaches: readonly string[]
  story: readonly string[]
  orders: number
  confirmed: number
  crashes: number
  steps: number
  simulatedMs: number
}>

const REST_ROUNDS = 40
const REST_MS = 150_000

/** Lives through one seed: shoppers and faults first, then rest, then the audit. */
export async function simulate(seed: number, plant: Plant = {}): Promise<Outcome> {
  const world = createWorld(seed, plant)
  const { scheduler, draw, t, story } = world
  const begun = scheduler.nowMs()
  fill(t, drawStock(world))
  world.serve(0, 'A')
  world.serve(1, 'B')
  const acknowledged: Acknowledged[] = []
  const shoppers = Array.from({ length: 3 + draw.below(5) }, (_, n) =>
    shop(world, `shopper ${n + 1}`, acknowledged),
  )
  let over = false
  const breaches: string[] = []
  const life = (async () => {
    await Promise.all(shoppers)
    world.faults.on = false
    world.tell('the faults are over')
    await rest(world)
  })().then(
    () => {
      over = true
    },
    (error: unknown) => {
      over = true
      breaches.push(
        `The simulation failed: ${error instanceof Error ? error.stack : String(error)}`,
      )
    },
  )
  await scheduler.run(() => over)
  if (over) await life
  else breaches.push('I8: nothing happens any more, and the shoppers still wait')
  if (over) breaches.push(...audit(world, acknowledged))
  const checkouts = t.checkouts.committed()
  return {
    seed,
    breaches: [...new Set(breaches)],
    story,
    orders: checkouts.length,
    confirmed: checkouts.filter(({ ending }) => ending === 'confirmed').length,
    crashes: story.filter((line) => line.endsWith('crashes')).length,
    steps: scheduler.steps(),
    simulatedMs: scheduler.nowMs() - begun,
  }
}

/** Time goes by and the chores are done, until nothing is left to do. */
async function rest(world: World): Promise<void> {
  const { scheduler, live } = world
  for (let round = 0; round < REST_ROUNDS; round += 1) {
    await scheduler.sleep(REST_MS)
    for (const server of live()) {
      for (const chore of server.chores) {
        await server.process.call(async () => {
          for (let done = await chore.run(); done > 0; done = await chore.run());
        })
      }
    }
    if (round > 3 && isAtRest(world)) return
  }
}

function isAtRest({ t, bus }: World): boolean {
  return (
    t.checkouts.committed().every(({ state }) => state === 'done') &&
    t.attempts.committed().every(({ state }) => state !== 'unknown') &&
    t.refunds.committed().every(({ state }) => state !== 'sent') &&
    t.orderRefunds.committed().every(({ dueAt }) => dueAt === null) &&
    t.dispatches.committed().every(({ dueAt }) => dueAt === null) &&
    t.reservations.committed().every(({ state }) => state !== 'held') &&
    t.outbox.committed().length === 0 &&
    bus.isEmpty('simulation.count_effects') &&
    bus.isEmpty('orders.follow_payments')
  )
}
