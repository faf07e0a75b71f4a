import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { demand, MUNICH, testInventory } from '../../../tests/support/inventory.ts'

const shop = await testInventory()
const { api, rival } = shop

/** Which of the calls were refused for want of stock; any other failure is thrown. */
async function settle<T>(calls: readonly Promise<T>[]): Promise<{ yes: T[]; no: Problem[] }> {
  const results = await Promise.allSettled(calls)
  const yes: T[] = []
  const no: Problem[] = []
  for (const result of results) {
    if (result.status === 'fulfilled') yes.push(result.value)
    else if (result.reason instanceof Problem) no.push(result.reason)
    else throw result.reason
  }
  return { yes, no }
}

test('500 callers for 100 units in two processes are sold exactly 100', async () => {
  await shop.stock({ last: { berlin: 60, munich: 40 } })
  const { yes, no } = await settle(
    Array.from({ length: 500 }, (_, n) =>
      (n % 2 ? rival : api).reserve(demand(`last-${n}`, ['last', 1])),
    ),
  )
  assert.equal(yes.length, 100)
  assert.ok(no.every((problem) => problem.code === 'inventory.insufficient_stock'))
  assert.equal(await shop.available('last'), 0)
  assert.deepEqual(await api.audit(), [])
})

test('one key 50 times at once in two processes holds once and is answered alike', async () => {
  await shop.stock({ once: { berlin: 100 } })
  const calls = Array.from({ length: 50 }, (_, n) =>
    (n % 2 ? rival : api).reserve(demand('once', ['once', 3])),
  )
  const answers = await Promise.all(calls)
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  assert.equal(await shop.available('once'), 97)
})

test('a repeated key is answered as at first though nothing is left', async () => {
  await shop.stock({ gone: { berlin: 1 } })
  const first = await api.reserve(demand('gone', ['gone', 1]))
  assert.deepEqual(await rival.reserve(demand('gone', ['gone', 1])), first)
  await api.commit({ key: 'gone' })
  assert.deepEqual(await api.reserve(demand('gone', ['gone', 1])), first)
})

test('all lines are held or none, and the refusal names the short ones', async () => {
  await shop.stock({ plenty: { berlin: 10 }, scarce: { berlin: 1 } })
  await assert.rejects(api.reserve(demand('both', ['plenty', 2], ['scarce', 2])), {
    code: 'inventory.insufficient_stock',
    options: { data: { lines: [{ offerId: 'scarce', requested: 2, available: 1 }] } },
  })
  assert.equal(await shop.available('plenty'), 10)
  assert.equal(await shop.available('scarce'), 1)
  assert.equal(await api.getReservation({ key: 'both' }), null)
})

test('two lines of one offer are added up before anything is held', async () => {
  await shop.stock({ pair: { berlin: 3 } })
  await assert.rejects(api.reserve(demand('pair', ['pair', 2], ['pair', 2])), {
    code: 'inventory.insufficient_stock',
  })
  assert.equal(await shop.available('pair'), 3)
})

test('an offer that lies nowhere is refused with none available', async () => {
  await assert.rejects(api.reserve(demand('nowhere', ['nowhere', 1])), {
    options: { data: { lines: [{ offerId: 'nowhere', requested: 1, available: 0 }] } },
  })
})

test('a demand that is no demand is refused', async () => {
  const none = [demand('bad'), demand('bad', ['last', 0]), demand('bad', ['last', 1.5])]
  for (const input of none) {
    await assert.rejects(api.reserve(input), { code: 'validation_failed' })
  }
})

test('orders of several offers in one batch do not refuse each other in vain', async () => {
  await shop.stock({ left: { berlin: 5 }, right: { berlin: 5 } })
  // The second is refused for `left`; what it asked of `right` stays for the third.
  const { yes, no } = await settle([
    api.reserve(demand('batch-1', ['left', 4], ['right', 1])),
    api.reserve(demand('batch-2', ['left', 4], ['right', 4])),
    api.reserve(demand('batch-3', ['right', 4])),
  ])
  assert.deepEqual(
    yes.map((reservation) => reservation.key),
    ['batch-1', 'batch-3'],
  )
  assert.equal(no.length, 1)
})

test('who comes for what is sold out waits for nobody who holds its row', async () => {
  await shop.stock({ hyped: { berlin: 1 }, calm: { berlin: 9 } })
  const held = await api.reserve(demand('hyped-first', ['hyped', 1]))
  const refusal = { code: 'inventory.insufficient_stock' }
  await assert.rejects(api.reserve(demand('hyped-second', ['hyped', 1])), refusal)
  const locked = "select 1 from inventory.stock_levels where offer_id = 'hyped' for update"
  await shop.db.tx(async (tx) => {
    await tx.query({ text: locked })
    const late = demand('hyped-late', ['calm', 1], ['hyped', 1])
    await assert.rejects(api.reserve(late), {
      ...refusal,
      options: { data: { lines: [{ offerId: 'hyped', requested: 1, available: 0 }] } },
    })
  })
  assert.deepEqual(await api.reserve(demand('hyped-first', ['hyped', 1])), held)
  assert.equal(await shop.available('calm'), 9)
})

test('what was sold out sells again as soon as there is more of it, or a hold has run out', async () => {
  await shop.stock({ back: { berlin: 1 } })
  await api.reserve({ ...demand('back-1', ['back', 1]), ttlSeconds: 60 })
  const refusal = { code: 'inventory.insufficient_stock' }
  await assert.rejects(api.reserve(demand('back-2', ['back', 1])), refusal)
  await shop.passTime(61)
  await api.reserve(demand('back-3', ['back', 1]))
  await assert.rejects(api.reserve(demand('back-4', ['back', 1])), refusal)
  await shop.stock({ back: { berlin: 2 } })
  await api.reserve(demand('back-5', ['back', 1]))
  assert.deepEqual(await api.audit(), [])
})

test('one parcel is preferred to two, then the nearest warehouse', async () => {
  const { berlin, munich } = shop.warehouse
  await shop.stock({
    near: { berlin: 5, munich: 5, paris: 5 },
    split: { berlin: 1, munich: 5, paris: 5 },
  })
  const nearest = await api.reserve(demand('nearest', ['near', 1]))
  assert.deepEqual(nearest.allocations, [{ offerId: 'near', warehouseId: berlin, quantity: 1 }])
  assert.match(nearest.explanation ?? '', /^1 parcel, .* at 2 km$/)
  const south = await api.reserve({ ...demand('south', ['near', 1]), destination: MUNICH })
  assert.equal(south.allocations[0]?.warehouseId, munich)
  const one = await api.reserve(demand('one', ['near', 1], ['split', 2]))
  assert.deepEqual(new Set(one.allocations.map((line) => line.warehouseId)), new Set([munich]))
})

test('what one warehouse cannot give alone comes from the fewest', async () => {
  await shop.stock({ wide: { berlin: 2, munich: 2, paris: 3 } })
  const { berlin, paris } = shop.warehouse
  const wide = await api.reserve(demand('wide', ['wide', 5]))
  assert.deepEqual(wide.allocations, [
    { offerId: 'wide', warehouseId: berlin, quantity: 2 },
    { offerId: 'wide', warehouseId: paris, quantity: 3 },
  ])
})

test('a reservation is told with its allocations, and the offer with what is left', async () => {
  await shop.stock({ told: { berlin: 9 } })
  while ((await shop.outbox.sequence()) > 0);
  const from = await shop.outbox.head()
  const { allocations, expiresAt } = await api.reserve(demand('told', ['told', 4]))
  while ((await shop.outbox.sequence()) > 0);
  const events = await shop.outbox.read(from, 10)
  assert.deepEqual(
    events.map(({ type, aggregateId, payload }) => ({ type, aggregateId, payload })),
    [
      {
        type: 'inventory.inventory_reserved.v1',
        aggregateId: 'told',
        payload: { key: 'told', allocations, expiresAt },
      },
      {
        type: 'inventory.inventory_updated.v1',
        aggregateId: 'told',
        payload: { offerId: 'told', available: 5, version: 2 },
      },
    ],
  )
})

test('the table itself refuses to promise more than there is', async () => {
  await shop.stock({ guarded: { berlin: 1 } })
  const oversell = `update inventory.stock_levels set reserved_quantity = 2 where offer_id = 'guarded'`
  await assert.rejects(shop.db.query({ text: oversell }), { code: '23514' })
})
