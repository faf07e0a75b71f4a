import type { LaterStock, MOVEMENT_KINDS, Warehouse } from '#contracts/inventory/schemas.ts'
import { shardFor } from '../../platform/ids.ts'
import type { Destination, OfferQuantity } from './api.ts'

export type ReserveRequest = Readonly<{
  key: string
  lines: readonly OfferQuantity[]
  destination: Destination
  ttlSeconds: number
}>

export type Shortage = Readonly<{ offerId: string; requested: number; available: number }>

/** Names one stock row. Rows are locked, and written, in the order of `compareRows`. */
export type RowKey = Readonly<{ shard: number; offerId: string; warehouseId: string }>

/** A stock row as it was read under its lock. */
export type Level = RowKey &
  Readonly<{
    quantity: number
    reserved: number
    safety: number
    backorderCap: number
    damaged: number
    incoming: number
    reorderPoint: number
    /** Its fall to the reorder point was told. */
    isLow: boolean
    /** What the back orders are; none if the cap is 0. */
    later: 'none' | LaterStock['kind']
    availableOn: string | null
    settingsVersion: number
    version: number
  }>

export type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** A row as it is when it is made. */
export function newLevel(row: RowKey, quantity: number): Level {
  return {
    ...row,
    quantity,
    reserved: 0,
    safety: 0,
    backorderCap: 0,
    damaged: 0,
    incoming: 0,
    reorderPoint: 0,
    isLow: false,
    later: 'none',
    availableOn: null,
    settingsVersion: 1,
    version: 1,
  }
}

export type ReservationState = 'held' | 'committed' | 'released' | 'expired'

/**
 * What a reservation holds of one stock row. `open` is what the row's `reserved` counts of it,
 * `short` what was promised and found missing by a count.
 */
export type HoldLine = RowKey &
  Readonly<{
    key: string
    quantity: number
    open: number
    shipped: number
    short: number
    expiring: boolean
  }>

/** A change of one stock row's counters. */
export type LevelChange = RowKey & Readonly<{ quantityDelta: number; reservedDelta: number }>

/** Shards of the warehouses seen so far: few, and asked for with each line. */
const warehouseShards = new Map<string, number>()
const REMEMBERED_WAREHOUSES = 10_000

export function rowKey(offerId: string, warehouseId: string): RowKey {
  let shard = warehouseShards.get(warehouseId)
  if (shard === undefined) {
    shard = shardFor(warehouseId)
    if (warehouseShards.size >= REMEMBERED_WAREHOUSES) warehouseShards.clear()
    warehouseShards.set(warehouseId, shard)
  }
  return { shard, offerId, warehouseId }
}

/** Text that is the same for the same stock row; for maps. */
export function rowName(row: Pick<RowKey, 'offerId' | 'warehouseId'>): string {
  return `${row.offerId} ${row.warehouseId}`
}

/** The order of the primary key under the C collation. */
export function compareRows(a: RowKey, b: RowKey): number {
  return (
    a.shard - b.shard ||
    compareText(a.offerId, b.offerId) ||
    compareText(a.warehouseId, b.warehouseId)
  )
}

/** The order of the C collation, for ASCII. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What can still be promised of a row: on hand, less what is promised and what is kept back. */
export function freeOf(
  level: Pick<Level, 'quantity' | 'reserved' | 'safety' | 'backorderCap'>,
): number {
  return Math.max(0, level.quantity - level.reserved - level.safety + level.backorderCap)
}

/** Whether it is time to order anew. */
export function isAtReorderPoint(
  level: Pick<Level, 'quantity' | 'reserved' | 'reorderPoint'>,
): boolean {
  return level.reorderPoint > 0 && level.quantity - level.reserved <= level.reorderPoint
}

/** Least quantity on hand that still covers what is promised. */
export function leastQuantity(level: Pick<Level, 'reserved' | 'backorderCap'>): number {
  return Math.max(0, level.reserved - level.backorderCap)
}

/** Lines of one offer added up, in the order of the offers. */
export function sumByOffer(lines: readonly OfferQuantity[]): OfferQuantity[] {
  const sums = new Map<string, number>()
  for (const { offerId, quantity } of lines) {
    sums.set(offerId, (sums.get(offerId) ?? 0) + quantity)
  }
  return [...sums]
    .map(([offerId, quantity]) => ({ offerId, quantity }))
    .sort((a, b) => compareText(a.offerId, b.offerId))
}

/** Changes of one row added up; rows that do not change in the end are left out. */
export function sumChanges(changes: readonly LevelChange[]): LevelChange[] {
  const sums = new Map<string, LevelChange>()
  for (const change of changes) {
    const sum = sums.get(rowName(change))
    sums.set(rowName(change), {
      shard: change.shard,
      offerId: change.offerId,
      warehouseId: change.warehouseId,
      quantityDelta: change.quantityDelta + (sum?.quantityDelta ?? 0),
      reservedDelta: change.reservedDelta + (sum?.reservedDelta ?? 0),
    })
  }
  return [...sums.values()]
    .filter((change) => change.quantityDelta !== 0 || change.reservedDelta !== 0)
    .sort(compareRows)
}

export type Place = Readonly<{ latitude: number; longitude: number }>

const EARTH_RADIUS_KM = 6371.0088

/** Great-circle distance in kilometres, by the haversine formula. */
export function distanceKm(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const latitudes = radians(b.latitude - a.latitude)
  const longitudes = radians(b.longitude - a.longitude)
  const chord =
    Math.sin(latitudes / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(longitudes / 2) ** 2
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** Where a postal code lies, if it is known. */
export type Locate = (country: string, postalCode: string) => Place | undefined

/** How far a warehouse is: kilometres where the destination is known, else near or far by region. */
export type Nearness = Readonly<{ km: number; known: boolean; priority?: number }>

/** Stand-ins where the place of a postal code is not known: same region, country, elsewhere. */
const UNKNOWN_KM = { region: 1, country: 2, elsewhere: 20_016 }

export function nearness(
  warehouse: Pick<Warehouse, 'country' | 'region' | 'latitude' | 'longitude' | 'priority'>,
  destination: Readonly<{ country: string; postalCode: string; region?: string | undefined }>,
  locate: Locate,
): Nearness {
  const { priority } = warehouse
  const place = locate(destination.country, destination.postalCode)
  if (place) return { km: distanceKm(warehouse, place), known: true, priority }
  const unknown = (km: number) => ({ km, known: false, priority })
  if (warehouse.country !== destination.country) return unknown(UNKNOWN_KM.elsewhere)
  const sameRegion = destination.region !== undefined && destination.region === warehouse.region
  return unknown(sameRegion ? UNKNOWN_KM.region : UNKNOWN_KM.country)
}

/** The order in which warehouses are considered: the nearest, the preferred, then by id. */
export function compareNearness(
  near: (warehouseId: string) => Nearness,
): (a: string, b: string) => number {
  return (a, b) =>
    near(a).km - near(b).km ||
    (near(a).priority ?? 0) - (near(b).priority ?? 0) ||
    compareText(a, b)
}

/** The levels as they are after the changes, which are summed: one a row. */
export function applyChanges(levels: readonly Level[], changes: readonly LevelChange[]): Level[] {
  const byRow = new Map(changes.map((change) => [rowName(change), change]))
  return levels.map((level) => {
    const change = byRow.get(rowName(level))
    if (!change) return level
    return {
      ...level,
      quantity: level.quantity + change.quantityDelta,
      reserved: level.reserved + change.reservedDelta,
      version: level.version + 1,
    }
  })
}

/** What can be sold of an offer; `later` is the part of it that does not lie there yet. */
export type OfferTotal = Readonly<{
  offerId: string
  available: number
  version: number
  later?: LaterStock & Readonly<{ quantity: number }>
}>

/** What is free of each offer over its rows. A row's version never falls, so the sum does not. */
export function totalsByOffer(levels: readonly Level[]): OfferTotal[] {
  const totals = new Map<string, OfferTotal>()
  for (const level of levels) {
    const { offerId } = level
    const total = totals.get(offerId)
    const later = addLater(total?.later, level)
    totals.set(offerId, {
      offerId,
      available: freeOf(level) + (total?.available ?? 0),
      version: level.version + (total?.version ?? 0),
      ...(later ? { later } : {}),
    })
  }
  return [...totals.values()]
}

/** Rows' back orders together; of several dates the first one. */
function addLater(sum: OfferTotal['later'], level: Level): OfferTotal['later'] {
  if (level.later === 'none') return sum
  const lying = freeOf({ ...level, backorderCap: 0 })
  const quantity = freeOf(level) - lying
  if (quantity === 0) return sum
  const own = { kind: level.later, availableOn: level.availableOn, quantity }
  if (!sum) return own
  const first = compareText(own.availableOn ?? '9999', sum.availableOn ?? '9999') < 0 ? own : sum
  return { ...first, quantity: quantity + sum.quantity }
}
