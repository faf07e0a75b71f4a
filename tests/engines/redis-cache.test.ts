import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { createClient } from '@redis/client'
import { median } from '../../bench/support/report.ts'
import { createRedisCache } from '../../server/platform/cache/redis-cache.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { silentLog } from '../../server/platform/log.ts'
import { engineUrl, faultyLine, timeUntil } from '../support/faulty-line.ts'

const url = engineUrl('REDIS_URL')
const direct = createClient({ url })
await direct.connect()
after(() => direct.destroy())

const opened: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop()
})

async function openLine() {
  const line = await faultyLine(url)
  opened.push({ stop: line.close })
  return line
}

const freshName = () => `test-${randomBytes(6).toString('hex')}`

/** A process as the cache sees one: it follows a stream, of which it tells. */
async function node(
  namespace: string,
  { at = 100, address = url, ready = true, budgetMs = 20_000 } = {},
) {
  let position = at
  let moved = 0
  const cache = createRedisCache({
    url: address,
    clock: systemClock,
    chance: seededChance(1),
    log: silentLog,
    budgetMs,
  })
  opened.push(cache)
  cache.start({ namespace, position: () => position, onMoved: () => (moved += 1) })
  if (ready) await timeUntil('Redis is asked', cache.isUp)
  return {
    cache,
    moved: () => moved,
    position: () => position,
    get: async (group: string, name = 'USD') => {
      const found = await cache.get({ group, name })
      return found?.value.toString()
    },
    put(group: string, text: string, asOf = position, lifeMs = 60_000) {
      cache.set({ group, name: 'USD', value: Buffer.from(text), asOf, lifeMs })
    },
    follow(upTo: number, groups: readonly string[] | 'all') {
      cache.drop({ after: position, upTo, groups })
      position = upTo
    },
  }
}

test('what one process puts in another gets, byte for byte, with its life and position', async () => {
  const name = freshName()
  const [a, b] = [await node(name), await node(name)]
  const value = randomBytes(20_000)
  a.cache.set({ group: 'p', name: 'USD', value, asOf: 100, lifeMs: 50_000 })
  const asked = { group: 'p', name: 'USD' }
  await timeUntil('it is there', async () => (await b.cache.get(asked)) !== undefined)
  const found = await b.cache.get(asked)
  assert.deepEqual(found?.value, value)
  assert.equal(found?.asOf, 100)
  assert.ok((found?.lifeMs ?? 0) > 20_000 && (found?.lifeMs ?? 0) <= 50_000)
  assert.equal(await b.cache.get({ group: 'p', name: 'EUR' }), undefined)
})

test('values end, and each at its own time', async () => {
  const a = await node(freshName())
  a.put('p', 'short', 100, 5_000)
  a.cache.set({ group: 'p', name: 'EUR', value: Buffer.from('long'), asOf: 100, lifeMs: 90_000 })
  assert.equal(await a.get('p'), 'short')
  await timeUntil('it has ended', async () => (await a.get('p')) === undefined)
  assert.equal(await a.get('p', 'EUR'), 'long')
})

test('a dropped group is void for all at once, others are not', async () => {
  const name = freshName()
  const [a, b] = [await node(name), await node(name)]
  a.put('p', 'old')
  a.put('q', 'other')
  assert.equal(await a.get('p'), 'old')
  a.follow(101, ['p'])
  assert.equal(await a.get('p'), undefined)
  assert.equal(await b.get('p'), undefined)
  assert.equal(await b.get('q'), 'other')
})

test('an old value never overwrites a newer one, nor comes in after a drop', async () => {
  const a = await node(freshName())
  a.follow(105, ['p'])
  a.put('p', 'read before the change', 104)
  assert.equal(await a.get('p'), undefined)
  a.put('p', 'newer', 107)
  a.put('p', 'older', 106)
  assert.equal(await a.get('p'), 'newer')
})

test('everything can be dropped at once', async () => {
  const a = await node(freshName())
  a.put('p', '1')
  a.put('q', '2')
  a.follow(101, 'all')
  assert.deepEqual([await a.get('p'), await a.get('q')], [undefined, undefined])
  a.put('p', '3')
  assert.equal(await a.get('p'), '3')
})

test('thousands of groups are dropped before the next read', async () => {
  const a = await node(freshName())
  const groups = Array.from({ length: 2_300 }, (_, n) => `p${n}`)
  for (const group of [groups[0], groups[1_200], groups[2_299]]) a.put(group as string, 'old')
  assert.equal(await a.get('p1200'), 'old')
  a.follow(101, groups)
  const found = await Promise.all([a.get('p0'), a.get('p1200'), a.get('p2299')])
  assert.deepEqual(found, [undefined, undefined, undefined])
})

test('other processes hear at once that the stream has moved', async () => {
  const name = freshName()
  const [a, b] = [await node(name), await node(name)]
  // What is told before b listens is heard by nobody.
  let upTo = 100
  await timeUntil('b hears', () => {
    upTo += 1
    a.follow(upTo, ['p'])
    return b.moved() > 0
  })
  assert.equal(a.moved(), 0)
})

test('after FLUSHALL nothing old comes in, and the cache fills again by itself', async () => {
  const name = freshName()
  const a = await node(name)
  a.put('p', 'old')
  assert.equal(await a.get('p'), 'old')
  a.follow(101, ['p'])
  // Its answer comes after what it told.
  assert.equal(await a.get('p'), undefined)
  const keys = await direct.keys(`stoa:${name}:*`)
  await direct.del(keys)
  a.put('p', 'a load from before the change', 100)
  assert.equal(await a.get('p'), undefined)
  await timeUntil('new values are kept', async () => {
    a.put('p', 'new', 101)
    return (await a.get('p')) === 'new'
  })
  a.put('q', 'a load from before the change', 100)
  assert.equal(await a.get('q'), undefined)
})

test('what was missed while Redis could not be reached is void when it can', async () => {
  const name = freshName()
  const line = await openLine()
  const a = await node(name, { address: line.url })
  a.put('p', 'old')
  a.put('q', 'also old')
  assert.equal(await a.get('p'), 'old')
  line.cut()
  await timeUntil('Redis is left alone', () => !a.cache.isUp())
  a.follow(101, ['p'])
  assert.equal(await a.get('q'), undefined)
  line.mend()
  await timeUntil('Redis is asked again', a.cache.isUp)
  assert.equal(await a.get('p'), undefined)
  assert.equal(await a.get('q'), undefined)
  a.put('p', 'new')
  assert.equal(await a.get('p'), 'new')
})

test('what another process has told of is not told again, and nothing else is lost', async () => {
  const name = freshName()
  const line = await openLine()
  const [a, b] = [await node(name, { address: line.url }), await node(name)]
  a.put('p', 'old')
  a.put('q', 'good')
  assert.equal(await a.get('q'), 'good')
  assert.equal(await b.get('q'), 'good')
  line.cut()
  await timeUntil('a leaves Redis alone', () => !a.cache.isUp())
  a.follow(101, ['p'])
  b.follow(101, ['p'])
  // Its answer comes after what it told.
  assert.equal(await b.get('p'), undefined)
  line.mend()
  await timeUntil('a asks again', a.cache.isUp)
  assert.equal(await a.get('p'), undefined)
  assert.equal(await a.get('q'), 'good')
})

test('a Redis with 2 s of latency is waited for by few reads, and comes back', async () => {
  const name = freshName()
  const line = await openLine()
  const a = await node(name, { address: line.url, budgetMs: 50 })
  a.put('p', 'old')
  line.delay(2_000)
  const times: number[] = []
  for (let n = 0; n < 50; n += 1) {
    const began = performance.now()
    await a.get('p')
    times.push(performance.now() - began)
  }
  assert.ok(median(times) < 1_000, `they took ${times} ms`)
  assert.equal(a.cache.isUp(), false)
  a.follow(101, ['p'])
  line.delay(0)
  await timeUntil('Redis is asked again', a.cache.isUp)
  assert.equal(await a.get('p'), undefined)
})

test('a process starts and works without Redis, and finds it when it comes', async () => {
  const line = await openLine()
  line.cut()
  const a = await node(freshName(), { address: line.url, ready: false })
  a.put('p', 'nobody keeps it')
  assert.equal(await a.get('p'), undefined)
  line.mend()
  await timeUntil('Redis is asked', a.cache.isUp)
  a.put('p', 'kept')
  assert.equal(await a.get('p'), 'kept')
})
