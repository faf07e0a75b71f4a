/** For tests of inventory: several "processes" (pools of their own) on one database. */
import { after } from 'node:test'
import { createInventory, type InventoryApi } from '../../server/modules/inventory/index.ts'
import { migrationSources } from '../../server/modules/migrations.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { type Database, openDatabase } from '../../server/platform/db/database.ts'
import { migrate } from '../../server/platform/db/migrate.ts'
import { createOutbox, type Outbox } from '../../server/platform/events/outbox.ts'
import { createIds } from '../../server/platform/ids.ts'
import { silentLog } from '../../server/platform/log.ts'
import type { ModuleParts } from '../../server/platform/module.ts'
import { createTestDatabase } from './postgres.ts'

/** Postal codes of the tests' places. */
const PLACES: Readonly<Record<string, { latitude: number; longitude: number }>> = {
  'DE 10115': { latitude: 52.53, longitude: 13.38 },
  'DE 80331': { latitude: 48.14, longitude: 11.57 },
  'FR 75001': { latitude: 48.86, longitude: 2.34 },
}

const locate = (country: string, postalCode: string) => PLACES[`${country} ${postalCode}`]

export const BERLIN = { country: 'DE', postalCode: '10115' }
export const MUNICH = { country: 'DE', postalCode: '80331' }

export type TestInventory = Readonly<{
  db: Database
  outbox: Outbox
  parts: ModuleParts<InventoryApi>
  api: InventoryApi
  /** The same module in another "process". */
  rival: InventoryApi
  /** Ids of warehouses by code: `berlin`, `munich`, `paris`. */
  warehouse: Readonly<Record<'berlin' | 'munich' | 'paris', string>>
  /** Lets holds' time pass: as if `seconds` had gone by. */
  passTime(seconds: number): Promise<void>
  /** Sets stock: offer → warehouse code → quantity. */
  stock(levels: Readonly<Record<string, Readonly<Record<string, number>>>>): Promise<void>
  available(offerId: string): Promise<number>
}>

function place(code: string, country: string, at: { latitude: number; longitude: number }) {
  return {
    code,
    name: code,
    sellerId: null,
    country,
    region: null,
    postalCode: '1',
    city: code,
    timezone: 'Europe/Berlin',
    ...at,
  }
}

export async function testInventory({ poolSize = 6 } = {}): Promise<TestInventory> {
  const { url, drop } = await createTestDatabase()
  const processes = [1, 2].map((seed) => {
    const db = openDatabase({ url, log: silentLog, poolSize })
    const ids = createIds({ clock: systemClock, chance: seededChance(seed) })
    const outbox = createOutbox({ db, ids, clock: systemClock })
    const base = { db, ids, outbox, clock: systemClock, log: silentLog }
    return { db, outbox, parts: createInventory({ ...base, locate }) }
  })
  const [first, second] = processes as [(typeof processes)[0], (typeof processes)[0]]
  await migrate(first.db, migrationSources(), silentLog)
  after(async () => {
    await Promise.all(processes.map(({ db }) => db.close()))
    await drop()
  })
  const { api } = first.parts
  await api.importWarehouses({
    warehouses: [
      place('berlin', 'DE', { latitude: 52.52, longitude: 13.4 }),
      place('munich', 'DE', { latitude: 48.13, longitude: 11.58 }),
      place('paris', 'FR', { latitude: 48.85, longitude: 2.35 }),
    ],
  })
  const warehouses = await api.warehouses()
  let imports = 0
  return {
    ...first,
    api,
    rival: second.parts.api,
    warehouse: Object.fromEntries(warehouses.map(({ code, id }) => [code, id])) as Record<
      'berlin' | 'munich' | 'paris',
      string
    >,
    async passTime(seconds) {
      const text = `update $ set expires_at = expires_at - make_interval(secs => $1) where expires_at is not null`
      for (const table of ['inventory.reservations', 'inventory.reservation_lines']) {
        await first.db.query({ text: text.replace('$ set', `${table} set`), values: [seconds] })
      }
    },
    async stock(levels) {
      imports += 1
      await api.importLevels({
        key: `stock-${imports}`,
        levels: Object.entries(levels).flatMap(([offerId, places]) =>
          Object.entries(places).map(([warehouseCode, quantity]) => ({
            offerId,
            warehouseCode,
            quantity,
          })),
        ),
      })
    },
    async available(offerId) {
      const [row] = await api.available({ offerIds: [offerId] })
      return row?.available ?? 0
    },
  }
}

/** One quantity of one offer, to Berlin, for ten minutes. */
export function demand(key: string, ...lines: readonly (readonly [string, number])[]) {
  return {
    key,
    lines: lines.map(([offerId, quantity]) => ({ offerId, quantity })),
    destination: BERLIN,
    ttlSeconds: 600,
  }
}
