import type { OfferQuantity } from './api.ts'
import { compareNearness, type Nearness } from './model.ts'

/** What one warehouse can give of one offer. */
export type Supply = Readonly<{ offerId: string; warehouseId: string; free: number }>

export type Parcel = Readonly<{ offerId: string; warehouseId: string; quantity: number }>

export type Plan = Readonly<{
  parcels: readonly Parcel[]
  /** Why these warehouses, in words. */
  explanation: string
}>

/** Groups of at most this many warehouses are searched through; larger ones are filled greedily. */
const SEARCHED_WAREHOUSES = 12

/**
 * Chooses warehouses for an order that can be filled: fewest parcels (a parcel is one warehouse),
 * then the least sum of distances, then the warehouses' priorities and ids. Offers that share no warehouse do not
 * touch each other, so each connected group is solved by itself: exactly up to 12 warehouses, above
 * that by taking again and again the one that fills most.
 * @param demand one entry an offer; each offer's supply covers it.
 */
export function allocate(
  demand: readonly OfferQuantity[],
  supplies: readonly Supply[],
  near: (warehouseId: string) => Nearness,
): Plan {
  const usable = supplies.filter((supply) => supply.free > 0)
  const chosen: string[] = []
  for (const group of connectedGroups(demand, usable)) {
    const warehouses = [...new Set(group.supplies.map((supply) => supply.warehouseId))].sort(
      compareNearness(near),
    )
    chosen.push(
      ...(warehouses.length <= SEARCHED_WAREHOUSES
        ? searchFewest(group, warehouses, near)
        : fillGreedily(group, warehouses)),
    )
  }
  chosen.sort(compareNearness(near))
  const { parcels } = pour({ demand, supplies: usable }, chosen)
  const used = chosen.filter((id) => parcels.some((parcel) => parcel.warehouseId === id))
  return { parcels, explanation: explain(used, near) }
}

type Group = Readonly<{ demand: readonly OfferQuantity[]; supplies: readonly Supply[] }>

function connectedGroups(demand: readonly OfferQuantity[], supplies: readonly Supply[]): Group[] {
  if (demand.length === 1) return [{ demand, supplies }]
  const groupOf = new Map<string, { offers: Set<string>; warehouses: Set<string> }>()
  for (const { offerId, warehouseId } of supplies) {
    const one = groupOf.get(`offer ${offerId}`)
    const other = groupOf.get(`warehouse ${warehouseId}`)
    const group = one ?? other ?? { offers: new Set(), warehouses: new Set() }
    group.offers.add(offerId)
    group.warehouses.add(warehouseId)
    if (one && other && one !== other) {
      for (const offer of other.offers) one.offers.add(offer)
      for (const warehouse of other.warehouses) one.warehouses.add(warehouse)
    }
    for (const offer of group.offers) groupOf.set(`offer ${offer}`, group)
    for (const warehouse of group.warehouses) groupOf.set(`warehouse ${warehouse}`, group)
  }
  return [...new Set(groupOf.values())].map((group) => ({
    demand: demand.filter((line) => group.offers.has(line.offerId)),
    supplies: supplies.filter((supply) => group.offers.has(supply.offerId)),
  }))
}

/** The smallest set of warehouses that fills the group; of several the nearest. */
function searchFewest(
  group: Group,
  warehouses: readonly string[],
  near: (warehouseId: string) => Nearness,
): readonly string[] {
  for (let size = 1; size <= warehouses.length; size += 1) {
    let best: { set: readonly string[]; km: number } | undefined
    for (const set of subsets(warehouses, size)) {
      if (pour(group, set).missing > 0) continue
      const km = set.reduce((sum, warehouse) => sum + near(warehouse).km, 0)
      if (!best || km < best.km) best = { set, km }
    }
    if (best) return best.set
  }
  throw new Error('An allocation was asked for more than the supply')
}

/** All choices of `size` items, those of earlier items first. */
function* subsets(items: readonly string[], size: number, from = 0): Generator<readonly string[]> {
  if (size === 0) {
    yield []
    return
  }
  for (let place = from; place <= items.length - size; place += 1) {
    for (const rest of subsets(items, size - 1, place + 1)) yield [items[place] as string, ...rest]
  }
}

/** Takes the warehouse that fills most of what is missing, the nearest of several, until all is. */
function fillGreedily(group: Group, warehouses: readonly string[]): readonly string[] {
  const chosen: string[] = []
  let missing = pour(group, chosen).missing
  while (missing > 0) {
    let best: { warehouse: string; missing: number } | undefined
    for (const warehouse of warehouses) {
      if (chosen.includes(warehouse)) continue
      const left = pour(group, [...chosen, warehouse]).missing
      if (!best || left < best.missing) best = { warehouse, missing: left }
    }
    if (!best) throw new Error('An allocation was asked for more than the supply')
    chosen.push(best.warehouse)
    missing = best.missing
  }
  return chosen
}

/** Fills the demand from the given warehouses, the first ones first. */
function pour(group: Group, warehouses: readonly string[]): { parcels: Parcel[]; missing: number } {
  const parcels: Parcel[] = []
  let missing = 0
  for (const { offerId, quantity } of group.demand) {
    let left = quantity
    for (const warehouseId of warehouses) {
      if (left === 0) break
      const supply = group.supplies.find(
        (other) => other.offerId === offerId && other.warehouseId === warehouseId,
      )
      const taken = Math.min(left, supply?.free ?? 0)
      if (taken > 0) parcels.push({ offerId, warehouseId, quantity: taken })
      left -= taken
    }
    missing += left
  }
  return { parcels, missing }
}

function explain(chosen: readonly string[], near: (warehouseId: string) => Nearness): string {
  const places = chosen.map((warehouse) => {
    const { km, known } = near(warehouse)
    return known ? `${warehouse} at ${Math.round(km)} km` : `${warehouse} by country`
  })
  return `${chosen.length === 1 ? '1 parcel' : `${chosen.length} parcels`}, the fewest and nearest: ${places.join(', ')}`
}
