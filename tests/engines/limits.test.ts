import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { afterEach, test } from 'node:test'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createRedisCounts } from '../../server/platform/redis-counts.ts'
import { engineUrl, faultyLine, timeUntil } from '../support/faulty-line.ts'

const url = engineUrl('REDIS_URL')
const opened: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop()
})

const freshKey = () => `test-${randomBytes(6).toString('hex')}`
const isUp = async (counts: ReturnType<typeof createRedisCounts>) => {
  const gauge = counts.metrics.at(-1)
  return (await gauge?.get())?.values[0]?.value === 1
}

/** A process of the shop, as far as it counts. */
async function node(address = url) {
  const counts = createRedisCounts({
    url: address,
    clock: systemClock,
    chance: seededChance(1),
    log: silentLog,
    // A busy Redis that answers late would leave each process to count by itself.
    budgetMs: 20_000,
  })
  opened.push(counts)
  counts.start()
  await timeUntil('Redis is asked', () => isUp(counts))
  return counts
}

test('a limit holds over two processes together, whoever is asked', async () => {
  const [one, two] = [await node(), await node()]
  for (const burst of [3, 100, 500]) {
    const key = freshKey()
    const policy = { burst, perSecond: 0.001 }
    let passed = 0
    for (let made = 0; made < burst * 3; made += 20) {
      const wave = Array.from({ length: 20 }, (_, each) =>
        (each % 2 ? one : two).buckets.take(key, policy),
      )
      passed += (await Promise.all(wave)).filter(({ waitMs }) => waitMs === 0).length
    }
    assert.ok(passed <= burst + 1, `${passed} of ${burst} passed`)
    assert.ok(passed >= burst * 0.9, `${passed} of ${burst} passed`)
    const [first, second] = [
      await one.buckets.take(key, policy),
      await two.buckets.take(key, policy),
    ]
    assert.ok(first.waitMs > 0 && first.waitMs <= 1_000_000)
    assert.ok(second.waitMs > 0)
  }
})

test('what was taken comes back at the rate that is told', async () => {
  const [one, two] = [await node(), await node()]
  const key = freshKey()
  const policy = { burst: 2, perSecond: 0.2 }
  for (const process of [one, two])
    assert.equal((await process.buckets.take(key, policy)).waitMs, 0)
  const { waitMs } = await one.buckets.take(key, policy)
  assert.ok(waitMs > 0 && waitMs <= 5_000, `${waitMs} ms`)
  await new Promise((resolve) => setTimeout(resolve, waitMs + 20))
  assert.equal((await two.buckets.take(key, policy)).waitMs, 0)
})

test('attempts at a password are counted over two processes, and forgotten by both', async () => {
  const [one, two] = [await node(), await node()]
  const key = freshKey()
  const policy = { free: 3, firstWaitMs: 50_000, longestWaitMs: 50_000, forgetMs: 200_000 }
  const waits: number[] = []
  for (const process of [one, two, one]) waits.push(await process.throttle.take(key, policy))
  assert.deepEqual(waits, [0, 0, 0])
  assert.ok((await two.throttle.take(key, policy)) > 20_000)
  await one.throttle.forget(key)
  assert.equal(await two.throttle.take(key, policy), 0)
})

test('while Redis is gone each process counts by itself at once; afterwards together again', async () => {
  const line = await faultyLine(url)
  opened.push({ stop: line.close })
  const counts = await node(line.url)
  line.cut()
  await timeUntil('the line is known to be cut', async () => !(await isUp(counts)))
  const key = freshKey()
  const policy = { burst: 2, perSecond: 0.001 }
  const waits: number[] = []
  for (let made = 0; made < 3; made += 1)
    waits.push((await counts.buckets.take(key, policy)).waitMs)
  assert.deepEqual(
    waits.map((wait) => wait > 0),
    [false, false, true],
  )
  line.mend()
  await timeUntil('Redis is asked again', () => isUp(counts))
})
