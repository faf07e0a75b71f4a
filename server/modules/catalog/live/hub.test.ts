import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Product } from '#contracts/catalog/schemas.ts'
import { systemClock } from '../../../platform/clock.ts'
import { silentLog } from '../../../platform/log.ts'
import type { ProductDocument } from '../documents/document-cache.ts'
import { createLiveHub } from './hub.ts'

type Offer = { amount: number; quantity: number }

/** A catalogue of one offer a product, whose pages can be changed, slow, or away. */
function catalogue(offers: Record<string, Offer>) {
  let at = 10
  let loads = 0
  let loaded = 0
  const state = { away: false, slowMs: 0 }
  const hub = createLiveHub({
    clock: systemClock,
    log: silentLog,
    position: () => at,
    documents: {
      async get({ reference, currency }) {
        loads += 1
        const { amount = 0, quantity = 0 } = offers[reference] ?? {}
        if (state.slowMs > 0) await systemClock.sleep(state.slowMs)
        loaded += 1
        if (state.away) throw new Error('the database is away')
        if (!(reference in offers)) return null
        const offer = {
          offerId: `off_${reference}`,
          price: { amount, currency },
          availability: { inStock: quantity > 0, quantity },
        }
        const product = { id: reference, variants: [{ id: 'var', offers: [offer] }] }
        const body = Buffer.from(JSON.stringify(product as unknown as Product))
        return { body } as ProductDocument
      },
    },
  })
  hub.start()
  return {
    hub,
    state,
    loads: () => loads,
    isReading: () => loaded < loads,
    change(id: string, offer: Partial<Offer>) {
      offers[id] = { ...(offers[id] as Offer), ...offer }
      at += 1
      hub.changed([id], at)
    },
    follow(productIds: readonly string[], lastPosition?: number, address = 'here') {
      const market = { currency: 'EUR', country: 'DE' }
      const stream = hub.watch({ productIds, ...market, lastPosition, address })
      let text = ''
      stream.on('data', (part: Buffer) => (text += part))
      return {
        stream,
        text: () => text,
        stock: () => [...text.matchAll(/"quantity":(\d+)/g)].map((match) => Number(match[1])),
        prices: () => [...text.matchAll(/"amount":(\d+)/g)].map((match) => Number(match[1])),
        lastId: () => Number([...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1]),
      }
    },
  }
}

/** Waits until it is told so. @throws AssertionError with what is told instead after a minute */
async function comesTo<T>(told: () => T, expected: T): Promise<void> {
  const deadline = systemClock.monotonicMs() + 60_000
  while (!isDeepStrictEqual(told(), expected) && systemClock.monotonicMs() < deadline)
    await systemClock.sleep(5)
  assert.deepEqual(told(), expected)
}

test('who comes is told all, then what changes, and nothing that has not', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 }, b: { amount: 7, quantity: 0 } })
  t.after(() => shop.hub.stop())
  const one = shop.follow(['a', 'b'])
  const other = shop.follow(['b'])
  const toldOne = () => [one.prices(), one.stock()]
  const toldOther = () => [other.prices(), other.stock()]
  await comesTo(toldOne, [
    [100, 7],
    [5, 0],
  ])
  shop.change('a', { quantity: 4 })
  await comesTo(one.stock, [5, 0, 4])
  shop.change('a', { amount: 90 })
  shop.change('b', {})
  await comesTo(toldOne, [
    [100, 7, 90],
    [5, 0, 4],
  ])
  await comesTo(toldOther, [[7], [0]])
  // What comes last shows that nothing else came before it.
  shop.change('b', { quantity: 1 })
  await comesTo(toldOther, [[7], [0, 1]])
  await comesTo(toldOne, [
    [100, 7, 90],
    [5, 0, 4, 1],
  ])
})

test('a change is read once, however many watch', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 } })
  t.after(() => shop.hub.stop())
  const all = Array.from({ length: 300 }, (_, n) => shop.follow(['a'], undefined, `home ${n}`))
  const told = () => all.map((one) => one.stock())
  await comesTo(
    told,
    all.map(() => [5]),
  )
  const before = shop.loads()
  shop.change('a', { quantity: 1 })
  await comesTo(
    told,
    all.map(() => [5, 1]),
  )
  assert.equal(shop.loads() - before, 1)
})

test('who comes back is told what he missed, and not what he knows', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 }, b: { amount: 7, quantity: 2 } })
  t.after(() => shop.hub.stop())
  const before = shop.follow(['a', 'b'])
  await comesTo(before.stock, [5, 2])
  shop.change('a', { quantity: 4 })
  await comesTo(before.lastId, 11)
  before.stream.destroy()
  await once(before.stream, 'close')
  shop.change('b', { quantity: 1 })
  const back = shop.follow(['a', 'b'], 11)
  await comesTo(() => [back.prices(), back.stock()], [[7], [1]])
  const knowing = shop.follow(['a', 'b'], 12)
  const ofOldTimes = shop.follow(['a'], 3)
  const ofElsewhere = shop.follow(['a'], 999)
  await comesTo(() => [ofOldTimes.stock(), ofElsewhere.stock()], [[4], [4]])
  shop.change('b', { quantity: 0 })
  await comesTo(() => [back.stock(), knowing.stock()], [[1, 0], [0]])
})

test('while the database is away nothing is lost, and no position promises what was not told', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 }, b: { amount: 7, quantity: 2 } })
  t.after(() => shop.hub.stop())
  const one = shop.follow(['a', 'b'])
  await comesTo(one.stock, [5, 2])
  shop.state.away = true
  const tries = shop.loads()
  shop.change('a', { quantity: 4 })
  await comesTo(() => shop.loads() > tries, true)
  shop.change('b', { quantity: 1 })
  assert.equal(one.lastId(), 10)
  shop.state.away = false
  await comesTo(one.stock, [5, 2, 4, 1])
  await comesTo(one.lastId, 12)
})

test('a change while the first state is read is not lost', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 } })
  t.after(() => shop.hub.stop())
  shop.state.slowMs = 50
  const one = shop.follow(['a'])
  assert.ok(shop.isReading())
  shop.change('a', { quantity: 3 })
  await comesTo(() => one.stock().at(-1), 3)
  await comesTo(shop.isReading, false)
  shop.change('a', { quantity: 2 })
  await comesTo(() => one.stock().slice(-2), [3, 2])
})

test('a first state that was read slowly does not come after a change that was told meanwhile', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 } })
  t.after(() => shop.hub.stop())
  shop.state.slowMs = 50
  const one = shop.follow(['a'])
  shop.state.slowMs = 0
  shop.change('a', { quantity: 3 })
  await comesTo(() => one.stock().at(-1), 3)
  await comesTo(shop.isReading, false)
  shop.change('a', { quantity: 2 })
  await comesTo(() => one.stock().slice(-2), [3, 2])
})

test('who does not read is let go; too many of one address are refused; a stop ends all', async (t) => {
  const shop = catalogue({ a: { amount: 100, quantity: 5 } })
  t.after(() => shop.hub.stop())
  const market = { currency: 'EUR', country: 'DE', lastPosition: undefined }
  const idle = shop.hub.watch({ productIds: ['a'], ...market, address: 'asleep' })
  for (let n = 0; n < 3_000 && !idle.destroyed; n += 1) {
    shop.change('a', { amount: 1_000 + n })
    await systemClock.sleep(0)
  }
  assert.ok(idle.destroyed)
  const open = Array.from({ length: 100 }, () => shop.follow(['a']))
  assert.throws(() => shop.follow(['a']), { code: 'rate_limited' })
  shop.hub.drain()
  await comesTo(() => open.every(({ stream }) => stream.readableEnded), true)
  shop.follow(['a'])
})
