import { inventoryReserved } from '#contracts/inventory/events.ts'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Warehouse } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Batcher, type BatchResult, createBatcher } from '../../../platform/batcher.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { allocate } from '../allocation.ts'
import type { Destination, Reservation } from '../api.ts'
import {
  applyChanges,
  freeOf,
  type Level,
  type LevelChange,
  type Locate,
  type Nearness,
  nearness,
  type ReserveRequest,
  rowKey,
  type Shortage,
  sumByOffer,
  sumChanges,
} from '../model.ts'
import type { RecentHolds } from '../recent-holds.ts'
import { lockLevels } from '../repository.ts'
import {
  findReservations,
  freeExpired,
  insertHolds,
  type NewHold,
  readNow,
  type StoredReservation,
} from '../reservations-repository.ts'
import { createScarceOffers, type ScarceOffers } from '../scarce-offers.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import { refuseEarly } from './refuse-early.ts'

const MAX_BATCH = 500
const MAX_TTL_SECONDS = 7 * 24 * 3600

/** Warehouses as the allocation looks at them from a destination. */
export function nearnessFrom(
  destination: Destination,
  warehouses: ReadonlyMap<string, Warehouse>,
  locate: Locate,
): (warehouseId: string) => Nearness {
  const known = new Map<string, Nearness>()
  return (warehouseId) => {
    const warehouse = warehouses.get(warehouseId)
    const near =
      known.get(warehouseId) ??
      (warehouse
        ? nearness(warehouse, destination, locate)
        : { km: Number.MAX_SAFE_INTEGER, known: false })
    known.set(warehouseId, near)
    return near
  }
}

/** Decides a batch in the order of arrival against rows that are locked: pure arithmetic. */
function decideHolds(
  requests: readonly ReserveRequest[],
  levels: readonly Level[],
  {
    nearFor,
    now,
  }: Readonly<{
    nearFor(destination: Destination): (warehouseId: string) => Nearness
    /** By the database, whose time decides what is expired. */
    now: Date
  }>,
): Readonly<{ accepted: readonly NewHold[]; refused: ReadonlyMap<string, readonly Shortage[]> }> {
  const supplies = new Map<string, { offerId: string; warehouseId: string; free: number }[]>()
  for (const level of levels) {
    const supply = { ...level, free: freeOf(level) }
    const others = supplies.get(level.offerId)
    if (others) others.push(supply)
    else supplies.set(level.offerId, [supply])
  }
  const accepted: NewHold[] = []
  const refused = new Map<string, readonly Shortage[]>()
  for (const request of requests) {
    const demand = sumByOffer(request.lines)
    const shortages = demand
      .map(({ offerId, quantity }) => ({
        offerId,
        requested: quantity,
        available: (supplies.get(offerId) ?? []).reduce((sum, supply) => sum + supply.free, 0),
      }))
      .filter((line) => line.requested > line.available)
    if (shortages.length > 0) {
      refused.set(request.key, shortages)
      continue
    }
    const offered = demand.flatMap(({ offerId }) => supplies.get(offerId) ?? [])
    const plan = allocate(demand, offered, nearFor(request.destination))
    for (const parcel of plan.parcels) {
      const supply = offered.find(
        (other) => other.offerId === parcel.offerId && other.warehouseId === parcel.warehouseId,
      )
      if (supply) supply.free -= parcel.quantity
    }
    const { key, ttlSeconds, destination } = request
    const expiresAt = new Date(now.getTime() + ttlSeconds * 1_000).toISOString()
    accepted.push({ key, plan, expiresAt, destination })
  }
  return { accepted, refused }
}

/** What plans promise of the rows, to be added to what is reserved. */
function demandOf(plans: readonly NewHold['plan'][]): LevelChange[] {
  return plans.flatMap((plan) =>
    plan.parcels.map((parcel) => ({
      ...rowKey(parcel.offerId, parcel.warehouseId),
      quantityDelta: 0,
      reservedDelta: parcel.quantity,
    })),
  )
}

/**
 * Frees holds of these offers' locked rows whose time is past, so that an expired hold stands in
 * nobody's way though no sweeper has run.
 * @returns the levels afterwards; the same ones if nothing was expired.
 */
export async function freeExpiredHolds(
  tx: Tx,
  levels: readonly Level[],
  offerIds: ReadonlySet<string>,
): Promise<readonly Level[]> {
  const freed = await freeExpired(
    tx,
    levels.filter((level) => level.reserved > 0 && offerIds.has(level.offerId)),
  )
  if (freed.length === 0) return levels
  return moveLevels(
    tx,
    levels,
    freed.map(({ freed: units, ...row }) => ({ ...row, quantityDelta: 0, reservedDelta: -units })),
  )
}

type Verdict = Readonly<{ yes: Reservation }> | Readonly<{ no: readonly Shortage[] }>

function answer(stored: StoredReservation): Reservation {
  const { key, allocations, expiresAt, explanation } = stored
  return { key, allocations, expiresAt, explanation }
}

/**
 * One transaction of two round trips: locks the rows and finds what is held already, decides, writes.
 * If another process writes one of the keys meanwhile nothing is, and `inTransaction` begins anew.
 */
async function decideRound(
  deps: InventoryDeps,
  requests: readonly ReserveRequest[],
): Promise<ReadonlyMap<string, Verdict>> {
  const warehouses = await deps.directory.read()
  const nearFor = (destination: Destination) => nearnessFrom(destination, warehouses, deps.locate)
  const offerIds = [...new Set(requests.flatMap((request) => request.lines.map((l) => l.offerId)))]
  const keys = requests.map(({ key }) => key)
  const work = async (tx: Tx) => {
    const [locked, known, now] = await Promise.all([
      lockLevels(tx, offerIds),
      findReservations(tx, keys),
      readNow(tx),
    ])
    const open = requests.filter(({ key }) => !known.has(key))
    let levels: readonly Level[] = locked
    let decision = decideHolds(open, levels, { nearFor, now })
    if (decision.refused.size > 0) {
      const short = [...decision.refused.values()].flat().map((line) => line.offerId)
      const freed = await freeExpiredHolds(tx, levels, new Set(short))
      if (freed !== levels) decision = decideHolds(open, freed, { nearFor, now })
      levels = freed
    }
    const { accepted, refused } = decision
    const after = applyChanges(levels, sumChanges(demandOf(accepted.map((hold) => hold.plan))))
    const verdicts = new Map<string, Verdict>()
    for (const [key, stored] of known) verdicts.set(key, { yes: answer(stored) })
    for (const { key, plan, expiresAt } of accepted) {
      const { parcels: allocations, explanation } = plan
      verdicts.set(key, { yes: { key, allocations, expiresAt, explanation } })
    }
    for (const [key, shortages] of refused) verdicts.set(key, { no: shortages })
    const events = [...accepted.map(reservedEvent), ...(await stockEvents(tx, locked, after))]
    return { verdicts, accepted, events }
  }
  const { verdicts } = await inTransaction(deps, work, {
    pipelined: 'with begin',
    last: (tx, { accepted, events }) =>
      Promise.all([insertHolds(tx, accepted), deps.outbox.append(tx, events)]),
  })
  return verdicts
}

function reservedEvent({ key, plan, expiresAt }: NewHold) {
  return {
    spec: inventoryReserved,
    aggregateId: key,
    payload: { key, allocations: [...plan.parcels], expiresAt },
  }
}

/** Decides a whole batch; requests of one key share its verdict. */
async function reserveBatch(
  deps: InventoryDeps & Readonly<{ scarce: ScarceOffers }>,
  requests: readonly ReserveRequest[],
): Promise<BatchResult<Reservation>[]> {
  const first = new Map<string, ReserveRequest>()
  for (const request of requests) if (!first.has(request.key)) first.set(request.key, request)
  const verdicts = new Map<string, Verdict>()
  const keep = (key: string, verdict: Verdict) => {
    verdicts.set(key, verdict)
    first.delete(key)
    if ('no' in verdict) deps.scarce.add(verdict.no.map(({ offerId }) => offerId))
  }
  for (const [key, no] of await refuseEarly(deps, [...first.values()])) keep(key, { no })
  if (first.size > 0) {
    for (const [key, verdict] of await decideRound(deps, [...first.values()])) keep(key, verdict)
  }
  return requests.map(({ key }) => {
    const verdict = verdicts.get(key)
    if (!verdict) return { error: new Error(`Nothing was decided on ${key}`) }
    if ('yes' in verdict) return { value: verdict.yes }
    return {
      error: inventoryProblem('inventory.insufficient_stock', { data: { lines: verdict.no } }),
    }
  })
}

function checkRequest({ key, lines, ttlSeconds }: ReserveRequest): void {
  const valid =
    key !== '' &&
    lines.length > 0 &&
    lines.every((line) => Number.isSafeInteger(line.quantity) && line.quantity > 0) &&
    Number.isInteger(ttlSeconds) &&
    ttlSeconds >= 0 &&
    ttlSeconds <= MAX_TTL_SECONDS
  if (!valid) throw generalProblem('validation_failed', { detail: 'The demand is not valid' })
}

/** Reserves in micro-batches: while one commits, the next gathers. */
export function createReserve(
  deps: InventoryDeps,
  recent: RecentHolds,
): (request: ReserveRequest) => Promise<Reservation> {
  const scarce = createScarceOffers(deps.clock)
  const submit: Batcher<ReserveRequest, Reservation> = createBatcher({
    maxBatch: MAX_BATCH,
    fatal: isConnectionError,
    run: (requests: readonly ReserveRequest[]) => reserveBatch({ ...deps, scarce }, requests),
  })
  return async (request) => {
    checkRequest(request)
    const hold = await submit(request)
    recent.add(hold)
    return hold
  }
}
