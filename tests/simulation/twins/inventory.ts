import type { LevelRow } from '../../../server/modules/inventory/repository.ts'
import { fromJson, fromJsonLines, type Twins, unnest } from '../memory/database.ts'
import { refusal, type Transaction } from '../memory/engine.ts'
import type { HoldRow, MovementRow, ReservationRow, Tables } from './tables.ts'

type RowKey = Readonly<{ shard: number; offer_id: string; warehouse_id: string }>
const ROW = ['shard', 'offer_id', 'warehouse_id'] as const

const levelKey = ({ offer_id, warehouse_id }: Omit<RowKey, 'shard'>) =>
  `${warehouse_id} ${offer_id}`
const holdKey = (line: Omit<RowKey, 'shard'> & { key: string }) => `${levelKey(line)} ${line.key}`

/** Stock rows of offers in the one order in which they are locked. */
function levelsOf(t: Tables, tx: Transaction, offerIds: unknown): LevelRow[] {
  const wanted = new Set(offerIds as string[])
  return t.levels
    .list(tx, ({ offer_id }) => wanted.has(offer_id))
    .sort((a, b) => a.shard - b.shard || (levelOrder(a) < levelOrder(b) ? -1 : 1))
}

const levelOrder = ({ offer_id, warehouse_id }: LevelRow) => `${offer_id} ${warehouse_id}`

const isPast = ({ expires_at }: { expires_at: string | null }, now: string) =>
  expires_at !== null && expires_at <= now

function showReservation(row: ReservationRow, now: string) {
  const { shard: _, ...rest } = row
  return { ...rest, overdue: row.state === 'held' && isPast(row, now) }
}

function showHold({ expires_at, ...line }: HoldRow) {
  return { ...line, expiring: expires_at !== null }
}

/** Changes counters of rows whose guard allows it. @returns how many. */
function changeLevels(
  t: Tables,
  tx: Transaction,
  changes: readonly Readonly<{ row: RowKey; quantity: number; reserved: number }>[],
  allows: (after: LevelRow) => boolean,
): number {
  return changes.filter(({ row, quantity, reserved }) => {
    const level = t.levels.lock(tx, levelKey(row))
    if (!level) return false
    const after = {
      ...level,
      quantity: level.quantity + quantity,
      reserved_quantity: level.reserved_quantity + reserved,
      version: level.version + 1,
    }
    if (!allows(after)) return false
    t.levels.update(tx, levelKey(row), after)
    return true
  }).length
}

const stock: Twins<Tables> = {
  'inventory.lock_levels': ({ t, tx, v }) =>
    levelsOf(t, tx, v[1]).flatMap((row) => t.levels.lock(tx, levelKey(row)) ?? []),
  'inventory.read_levels': ({ t, tx, v, now }) =>
    levelsOf(t, tx, v[1]).map((row) => ({
      ...row,
      expired: t.holds
        .list(tx, (line) => levelKey(line) === levelKey(row) && isPast(line, now))
        .reduce((sum, { open_quantity }) => sum + open_quantity, 0),
    })),
  'inventory.change_levels': ({ t, tx, v }) => {
    const rows = unnest<RowKey & { quantity: number; reserved: number }>(v, [
      ...ROW,
      'quantity',
      'reserved',
    ])
    const changes = rows.map(({ quantity, reserved, ...row }) => ({ row, quantity, reserved }))
    const allows = (after: LevelRow) =>
      after.quantity >= 0 &&
      after.reserved_quantity >= 0 &&
      after.reserved_quantity <= after.quantity + after.backorder_cap
    return [{ changed: changeLevels(t, tx, changes, allows) }]
  },
  'inventory.insert_movements': ({ t, tx, v }) => {
    const [shards, offers, warehouses, deltas, kind, reasons, keys] = v
    const rows = unnest<MovementRow & { reason: string }>(
      [offers, warehouses, deltas, reasons, keys, shards],
      ['offer_id', 'warehouse_id', 'delta', 'reason', 'command_key'],
    )
    for (const { reason: _, ...row } of rows) {
      const movement = { ...row, kind: kind as string }
      if (!t.movements.insert(tx, movement)) throw refusal('23505', 'a movement is there')
    }
    return []
  },
  'inventory.find_commands': ({ t, tx, v }) =>
    (v[1] as string[]).flatMap((key) => t.commands.find(tx, key) ?? []),
  'inventory.insert_commands': ({ t, tx, v }) => {
    for (const { key, reply } of unnest<{ key: string; reply: string }>(v.slice(1), [
      'key',
      'reply',
    ])) {
      if (!t.commands.insert(tx, { key, reply: fromJson(reply) }))
        throw refusal('23505', 'a command was done')
    }
    return []
  },
  'inventory.list_warehouses': ({ t, tx }) => t.warehouses.list(tx),
}

type Made = Readonly<{
  shard: number
  key: string
  expires_at: string
  country: string
  region: string | null
  postal_code: string
  allocations: ReservationRow['allocations']
  explanation: string
}>
type MadeLine = RowKey & Readonly<{ key: string; quantity: number; expires_at: string }>

const holds: Twins<Tables> = {
  'inventory.find_reservations': ({ t, tx, v, now }) =>
    (v[1] as string[]).flatMap((key) => {
      const row = t.reservations.find(tx, key)
      return row ? [showReservation(row, now)] : []
    }),
  'inventory.lock_reservations': ({ t, tx, v, now }) =>
    (v[1] as string[]).flatMap((key) => {
      const row = t.reservations.lock(tx, key)
      return row ? [showReservation(row, now)] : []
    }),
  'inventory.insert_holds': ({ t, tx, v, now }) => {
    const columns = v.slice(0, 8).with(6, fromJsonLines(v[6]))
    for (const row of unnest<Made>(columns, [
      'shard',
      'key',
      'expires_at',
      'country',
      'region',
      'postal_code',
      'allocations',
      'explanation',
    ])) {
      const isNew = t.reservations.insert(tx, { ...row, state: 'held', created_at: now })
      if (!isNew) throw refusal('23505', 'a reservation is there')
    }
    const demand = new Map<string, { row: RowKey; quantity: number; reserved: number }>()
    for (const { key, quantity, expires_at, ...row } of unnest<MadeLine>(v.slice(8), [
      ...ROW,
      'key',
      'quantity',
      'expires_at',
    ])) {
      const counters = { quantity, open_quantity: quantity, shipped_quantity: 0, short_quantity: 0 }
      t.holds.insert(tx, { ...row, key, ...counters, expires_at })
      const sum = demand.get(levelKey(row)) ?? { row, quantity: 0, reserved: 0 }
      demand.set(levelKey(row), { ...sum, reserved: sum.reserved + quantity })
    }
    const allows = (after: LevelRow) =>
      after.reserved_quantity <= after.quantity + after.backorder_cap - after.safety
    const moved = changeLevels(t, tx, [...demand.values()], allows)
    if (moved !== demand.size) throw refusal('22012', 'a stock row does not allow it')
    return [{ allowed: 1 }]
  },
  'inventory.read_time': ({ now }) => [{ now }],
  'inventory.lock_lines': ({ t, tx, v }) =>
    unnest<RowKey & { key: string }>(v, [...ROW, 'key']).flatMap((asked) => {
      const line = t.holds.lock(tx, holdKey(asked))
      return line ? [showHold(line)] : []
    }),
  'inventory.read_lines': ({ t, tx, v }) =>
    unnest<RowKey & { key: string }>(v, [...ROW, 'key']).flatMap((asked) => {
      const line = t.holds.find(tx, holdKey(asked))
      return line ? [showHold(line)] : []
    }),
  'inventory.write_lines': ({ t, tx, v }) => {
    const expiring = new Set(v[7] as string[])
    const lines = unnest<Omit<HoldRow, 'expires_at'>>(
      [...v.slice(0, 7), v[8]],
      [...ROW, 'key', 'quantity', 'open_quantity', 'shipped_quantity', 'short_quantity'],
    )
    for (const line of lines) {
      const old = t.holds.lock(tx, holdKey(line))
      if (!old) {
        t.holds.insert(tx, { ...line, expires_at: null })
        continue
      }
      const expires_at = expiring.has(line.key) ? old.expires_at : null
      t.holds.update(tx, holdKey(line), { ...line, expires_at })
    }
    return []
  },
  'inventory.commit_whole': ({ t, tx, v }) => {
    const asked = unnest<RowKey & { key: string }>(v.slice(0, 4), [...ROW, 'key'])
    const locked = asked.flatMap((line) => t.holds.lock(tx, holdKey(line)) ?? [])
    const lines = Map.groupBy(locked, ({ key }) => key)
    const whole = (v[5] as string[]).filter(
      (key) =>
        lines.get(key)?.every(({ expires_at }) => expires_at) &&
        t.reservations.lock(tx, key)?.state === 'held',
    )
    return whole.flatMap((key) => {
      t.reservations.update(tx, key, { state: 'committed' })
      return (lines.get(key) ?? []).map((line) => {
        t.holds.update(tx, holdKey(line), { expires_at: null })
        const { offer_id, warehouse_id, quantity } = line
        return { offer_id, warehouse_id, key, quantity }
      })
    })
  },
  'inventory.write_states': ({ t, tx, v }) => {
    for (const { key, state } of unnest<Pick<ReservationRow, 'key' | 'state'>>(v.slice(1), [
      'key',
      'state',
    ])) {
      t.reservations.update(tx, key, { state })
    }
    return []
  },
  'inventory.replace_allocations': ({ t, tx, v }) => {
    t.reservations.update(tx, v[1] as string, {
      allocations: fromJson(v[2]),
      explanation: v[3] as string,
    })
    return []
  },
  'inventory.free_expired': ({ t, tx, v, now }) =>
    unnest<RowKey>(v, [...ROW]).flatMap((row) => {
      const past = t.holds
        .list(tx, (line) => levelKey(line) === levelKey(row) && isPast(line, now))
        .flatMap((line) => t.holds.lock(tx, holdKey(line)) ?? [])
        .filter((line) => isPast(line, now))
      for (const line of past) {
        t.holds.update(tx, holdKey(line), { open_quantity: 0, expires_at: null })
      }
      const freed = past.reduce((sum, { open_quantity }) => sum + open_quantity, 0)
      return past.length === 0 ? [] : [{ ...row, freed }]
    }),
  'inventory.find_overdue': ({ t, tx, v, now }) =>
    t.reservations
      .list(tx, (row) => row.state === 'held' && isPast(row, now))
      .sort((a, b) => (a.expires_at < b.expires_at ? -1 : 1))
      .slice(0, v[2] as number)
      .map(({ key }) => ({ key })),
}

export const inventoryTwins: Twins<Tables> = { ...stock, ...holds }
