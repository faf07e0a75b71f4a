import { inventoryReserved } from '#contracts/inventory/events.ts'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Warehouse } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Batcher, type BatchResult, createBatcher } from '../../../platform/batcher.ts'
import { isConnectionError } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { allocate } from '../allocation.ts'
import type { Destination, OfferQuantity, Reservation } from '../api.ts'
import {
  applyChanges,
  freeOf,
  type Level,
  type LevelChange,
  type Locate,
  type Nearness,
  nearness,
  rowKey,
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
  type StoredReservation,
} from '../reservations-repository.ts'
import { createScarceOffers, type ScarceOffers } from '../scarce-offers.ts'
import { type InventoryDeps, inTransaction, moveLevels, stockEvents } from '../stock.ts'
import { refuseEarly } from './refuse-early.ts'

export type ReserveRequest = Readonly<{
  key: string
  lines: readonly OfferQuantity[]
  destination: Destination
  ttlSeconds: number
}>

export type Shortage = Readonly<{ offerId: string; requested: number; available: number }>

const MAX_BATCH = 500
const MAX_TTL_SECONDS = 7 * 24 * 3600
const ROUNDS = 5

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
  nearFor: (destination: Destination) => (warehouseId: string) => Nearness,
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
    accepted.push({ key, plan, ttlSeconds, destination })
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

/** One transaction: locks the rows, decides, writes. Keys without a verdict are to be looked at again. */
async function decideRound(
  deps: InventoryDeps,
  requests: readonly ReserveRequest[],
): Promise<ReadonlyMap<string, Verdict>> {
  const warehouses = await deps.directory.read()
  const nearFor = (destination: Destination) => nearnessFrom(destination, warehouses, deps.locate)
  const offerIds = [...new Set(requests.flatMap((request) => request.lines.map((l) => l.offerId)))]
  const work = async (tx: Tx) => {
    const locked = await lockLevels(tx, offerIds)
    let levels: readonly Level[] = locked
    let decision = decideHolds(requests, levels, nearFor)
    if (decision.refused.size > 0) {
      const short = [...decision.refused.values()].flat().map((line) => line.offerId)
      const freed = await freeExpiredHolds(tx, levels, new Set(short))
      if (freed !== levels) decision = decideHolds(requests, freed, nearFor)
      levels = freed
    }
    const { accepted, refused } = decision
    const made = await insertHolds(tx, accepted)
    const unmade = accepted.filter((hold) => !made.has(hold.key)).map((hold) => hold.key)
    const known = await findKnown(tx, [...unmade, ...refused.keys()])
    const held = accepted.filter((hold) => made.has(hold.key))
    const after = applyChanges(levels, sumChanges(demandOf(held.map((hold) => hold.plan))))
    const verdicts = new Map<string, Verdict>()
    for (const [key, stored] of known) verdicts.set(key, { yes: answer(stored) })
    for (const { key, plan } of held) {
      const expiresAt = made.get(key) as string
      const { parcels: allocations, explanation } = plan
      verdicts.set(key, { yes: { key, allocations, expiresAt, explanation } })
    }
    // A refusal stands only if nothing was set aside for a key that turned out to be another's.
    for (const [key, shortages] of refused) {
      if (!verdicts.has(key) && unmade.length === 0) verdicts.set(key, { no: shortages })
    }
    const events = [...reservedEvents(held, made), ...(await stockEvents(tx, locked, after))]
    return { verdicts, events }
  }
  const { verdicts } = await inTransaction(deps, work, {
    pipelined: 'with begin',
    last: (tx, { events }) => deps.outbox.append(tx, events),
  })
  return verdicts
}

async function findKnown(tx: Tx, keys: readonly string[]) {
  return keys.length === 0 ? new Map<string, StoredReservation>() : findReservations(tx, keys)
}

function reservedEvents(holds: readonly NewHold[], made: ReadonlyMap<string, string>) {
  return holds.map(({ key, plan }) => ({
    spec: inventoryReserved,
    aggregateId: key,
    payload: { key, allocations: [...plan.parcels], expiresAt: made.get(key) as string },
  }))
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
  for (let round = 1; first.size > 0 && round <= ROUNDS; round += 1) {
    for (const [key, verdict] of await decideRound(deps, [...first.values()])) keep(key, verdict)
  }
  return requests.map(({ key }) => {
    const verdict = verdicts.get(key)
    if (!verdict) return { error: generalProblem('unavailable', { retryAfterSeconds: 1 }) }
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
