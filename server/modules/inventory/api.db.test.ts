import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { BERLIN, demand, MUNICH, testInventory } from '../../../tests/support/inventory.ts'
import { seededChance } from '../../platform/chance.ts'
import { systemClock } from '../../platform/clock.ts'
import { createHttpServer } from '../../platform/http/server.ts'
import { silentLog } from '../../platform/log.ts'
import { remote, serveRpc } from '../../platform/rpc/index.ts'
import { INVENTORY_METHODS, type InventoryApi } from './index.ts'

const shop = await testInventory()
const { berlin, munich, paris } = shop.warehouse
const secret = 'shared by both sides'

const app = createHttpServer({ log: silentLog, chance: seededChance(3) })
serveRpc(app, 'inventory', shop.api, { secret })
after(() => app.close())
const overTheWire = remote<InventoryApi>('inventory', INVENTORY_METHODS, {
  url: await app.listen({ port: 0, host: '127.0.0.1' }),
  secret,
  deadlineMs: 5_000,
  clock: systemClock,
  chance: seededChance(4),
  log: silentLog,
})

async function onHand(offerId: string): Promise<Record<string, [number, number]>> {
  const levels = await shop.api.levels({ offerId })
  return Object.fromEntries(levels.map((l) => [l.warehouseId, [l.quantity, l.reserved]]))
}

for (const [how, api] of [
  ['directly', shop.api],
  ['over the wire', overTheWire],
] as const) {
  const name = (word: string) => `${word} ${how}`.replaceAll(' ', '-')

  describe(`inventory called ${how}`, () => {
    test('a commitment does not expire, a hold does without any sweeper', async () => {
      const offer = name('expiry')
      await shop.stock({ [offer]: { berlin: 3 } })
      await api.reserve(demand(name('kept'), [offer, 1]))
      await api.reserve(demand(name('left'), [offer, 2]))
      const kept = await api.commit({ key: name('kept') })
      assert.deepEqual(kept.allocations, [{ offerId: offer, warehouseId: berlin, quantity: 1 }])
      assert.equal(await shop.available(offer), 0)
      await shop.passTime(601)
      assert.equal(await shop.available(offer), 2)
      assert.equal((await api.getReservation({ key: name('left') }))?.state, 'expired')
      await api.reserve(demand(name('next'), [offer, 2]))
      await assert.rejects(api.reserve(demand(name('none'), [offer, 1])), {
        code: 'inventory.insufficient_stock',
      })
      assert.deepEqual(await onHand(offer), { [berlin]: [3, 3] })
    })

    test('what is on hand of many offers is told by warehouse, promised or not', async () => {
      const [one, two, none] = [name('many-1'), name('many-2'), name('many-none')]
      await shop.stock({ [one]: { berlin: 3, paris: 0 }, [two]: { munich: 5 } })
      await api.reserve(demand(name('promised'), [one, 2]))
      const levels = await api.levelsOf({ offerIds: [one, two, none] })
      assert.deepEqual(
        levels
          .map(({ offerId, ...level }) => `${offerId} ${Object.values(level).join(' ')}`)
          .sort(),
        [`${one} berlin 3`, `${one} paris 0`, `${two} munich 5`],
      )
    })

    test('goods would leave from where a reservation would take them, and nothing is held', async () => {
      const [here, there, none] = [name('near'), name('far'), name('nowhere')]
      await shop.stock({ [here]: { berlin: 1, munich: 5 }, [there]: { paris: 2 } })
      const from = async (destination: typeof BERLIN, ...lines: [string, number][]) => {
        const units = lines.map(([offerId, quantity]) => ({ offerId, quantity }))
        const departures = await api.shipsFrom({ lines: units, destination })
        return departures.map(({ warehouseId }) => warehouseId)
      }
      assert.deepEqual(await from(BERLIN, [here, 1]), [berlin])
      assert.deepEqual(await from(BERLIN, [here, 5], [there, 1]), [paris, munich])
      assert.deepEqual(await from(BERLIN, [here, 9], [none, 1]), [berlin, munich])
      assert.deepEqual(await from(BERLIN, [none, 1]), [berlin])
      assert.deepEqual(await from(MUNICH), [munich])
      assert.deepEqual(await onHand(here), { [berlin]: [1, 0], [munich]: [5, 0] })
      assert.deepEqual(await api.shipsFrom({ lines: [], destination: MUNICH }), [
        {
          warehouseId: munich,
          country: 'DE',
          timezone: 'Europe/Berlin',
          cutOff: null,
          workingDays: [1, 2, 3, 4, 5],
          closedOn: [],
          notBefore: null,
        },
      ])
    })

    test('an expired hold that nobody took is committed as it is', async () => {
      const offer = name('late')
      await shop.stock({ [offer]: { berlin: 1 } })
      const held = await api.reserve(demand(name('late'), [offer, 1]))
      await shop.passTime(601)
      const { allocations } = await api.commit({ key: name('late') })
      assert.deepEqual(allocations, held.allocations)
      assert.deepEqual((await api.commit({ key: name('late') })).allocations, allocations)
      assert.equal((await api.getReservation({ key: name('late') }))?.state, 'committed')
    })

    test('an expired hold that others took is taken again elsewhere, or refused', async () => {
      const offer = name('lost')
      await shop.stock({ [offer]: { berlin: 2, paris: 2 } })
      await api.reserve(demand(name('lost'), [offer, 2]))
      await shop.passTime(601)
      await api.reserve(demand(name('taker'), [offer, 3]))
      await assert.rejects(api.commit({ key: name('lost') }), {
        code: 'inventory.reservation_expired',
      })
      await api.release({ key: name('taker'), reason: 'released' })
      await api.reserve(demand(name('other'), [offer, 2]))
      const again = await api.commit({ key: name('lost') })
      assert.deepEqual(again.allocations, [{ offerId: offer, warehouseId: paris, quantity: 2 }])
      assert.deepEqual(await api.commit({ key: name('lost') }), again)
      assert.deepEqual(await onHand(offer), { [berlin]: [2, 2], [paris]: [2, 2] })
    })

    test('a released or unknown reservation cannot be committed', async () => {
      const offer = name('freed')
      await shop.stock({ [offer]: { berlin: 1 } })
      await api.reserve(demand(name('freed'), [offer, 1]))
      await api.release({ key: name('freed'), reason: 'cancelled' })
      await api.release({ key: name('freed'), reason: 'cancelled' })
      for (const key of [name('freed'), name('unknown')]) {
        await assert.rejects(api.commit({ key }), { code: 'inventory.reservation_expired' })
      }
      await api.release({ key: name('unknown'), reason: 'released' })
      assert.deepEqual(await onHand(offer), { [berlin]: [1, 0] })
      assert.equal((await api.getReservation({ key: name('freed') }))?.state, 'released')
    })

    test('a part is released once by its key, the farthest parcel first', async () => {
      const offer = name('part')
      await shop.stock({ [offer]: { berlin: 2, munich: 2 } })
      await api.reserve(demand(name('part'), [offer, 4]))
      await api.commit({ key: name('part') })
      const part = { key: name('part'), reason: 'cancelled' as const }
      const three = { ...part, lines: [{ offerId: offer, quantity: 3 }] }
      await api.release(three)
      await api.release(three)
      assert.deepEqual(await onHand(offer), { [berlin]: [2, 1], [munich]: [2, 0] })
      await assert.rejects(api.release({ ...three, releaseKey: 'another' }), {
        code: 'invalid_transition',
      })
      assert.deepEqual((await api.getReservation({ key: name('part') }))?.allocations, [
        { offerId: offer, warehouseId: berlin, quantity: 1 },
      ])
      await api.release(part)
      assert.deepEqual(await onHand(offer), { [berlin]: [2, 0], [munich]: [2, 0] })
    })

    test('a commitment ships in parts, each once, and no more than is held', async () => {
      const offer = name('ship')
      await shop.stock({ [offer]: { berlin: 5 } })
      await api.reserve(demand(name('ship'), [offer, 3]))
      const parcel = (shipmentKey: string, quantity: number) => ({
        key: name('ship'),
        shipmentKey: name(shipmentKey),
        lines: [{ offerId: offer, warehouseId: berlin, quantity }],
      })
      await assert.rejects(api.ship(parcel('early', 1)), { code: 'invalid_transition' })
      await api.commit({ key: name('ship') })
      await Promise.all([api.ship(parcel('one', 2)), api.ship(parcel('one', 2))])
      await api.ship(parcel('one', 2))
      assert.deepEqual(await onHand(offer), { [berlin]: [3, 1] })
      await assert.rejects(api.ship(parcel('two', 2)), { code: 'invalid_transition' })
      await api.ship(parcel('three', 1))
      assert.deepEqual(await onHand(offer), { [berlin]: [2, 0] })
      assert.equal(await shop.available(offer), 2)
    })

    test('a level is set only if it is what the caller saw', async () => {
      const offer = name('set')
      await shop.stock({ [offer]: { berlin: 4 } })
      await api.reserve(demand(name('set'), [offer, 3]))
      const set = { offerId: offer, warehouseId: berlin, reason: 'count' }
      await assert.rejects(api.setLevel({ ...set, key: 'a', quantity: 9, expected: 5 }), {
        code: 'inventory.stock_changed',
      })
      await assert.rejects(api.setLevel({ ...set, key: 'b', quantity: 2, expected: 4 }), {
        code: 'inventory.insufficient_stock',
      })
      const nine = { ...set, key: 'c', quantity: 9, expected: 4 }
      const level = await api.setLevel(nine)
      assert.deepEqual([level.quantity, level.reserved, level.available], [9, 3, 6])
      assert.deepEqual(await api.setLevel(nine), level)
      await assert.rejects(
        api.setLevel({ ...set, warehouseId: 'wh_none', key: 'd', quantity: 1, expected: 0 }),
        { code: 'not_found' },
      )
    })

    test('a level is adjusted once by its key, down to what is promised', async () => {
      const offer = name('adjust')
      const adjust = { offerId: offer, warehouseId: munich, reason: 'found' }
      const first = await api.adjust({ ...adjust, key: 'a', delta: 5 })
      assert.deepEqual(await api.adjust({ ...adjust, key: 'a', delta: 5 }), first)
      await api.reserve(demand(name('adjust'), [offer, 4]))
      await assert.rejects(api.adjust({ ...adjust, key: 'b', delta: -2 }), {
        code: 'inventory.insufficient_stock',
      })
      // A hold whose time is past keeps nobody from counting less.
      await shop.passTime(601)
      assert.equal((await api.adjust({ ...adjust, key: 'b', delta: -2 })).quantity, 3)
      assert.equal(await shop.available(offer), 3)
    })
  })
}

test('the sweeper writes down what has expired, and tells of it', async () => {
  await shop.stock({ swept: { berlin: 2 } })
  await shop.api.reserve(demand('swept', ['swept', 2]))
  await shop.passTime(601)
  const sweeper = shop.parts.tickers.find((ticker) => ticker.name === 'inventory.expire_holds')
  while (((await sweeper?.run()) ?? 0) > 0);
  assert.deepEqual(await onHand('swept'), { [berlin]: [2, 0] })
  while ((await shop.outbox.sequence()) > 0);
  const events = (await shop.outbox.read(0, 10_000)).filter((e) => e.aggregateId === 'swept')
  assert.deepEqual(
    events.map((event) => event.type.split('.')[1]),
    ['inventory_reserved', 'inventory_updated', 'inventory_released', 'inventory_updated'],
  )
})

test('partitions of the coming months are there, and are made once', async () => {
  const job = shop.parts.tickers.find((ticker) => ticker.name === 'inventory.create_partitions')
  assert.equal(await job?.run(), 0)
  await shop.db.query({
    text: `do $$ begin execute 'drop table inventory.movements_' ||
      to_char((now() at time zone 'UTC') + interval '3 months', 'YYYYMM'); end $$`,
  })
  assert.equal(await job?.run(), 1)
})

test('after all this nothing is oversold and nothing leaks', async () => {
  assert.deepEqual(await shop.api.audit(), [])
})
