import type { Warehouse } from '#contracts/inventory/schemas.ts'
import { allocate } from './allocation.ts'
import type { Departure, Destination, OfferQuantity } from './api.ts'
import { nearnessFrom } from './flows/reserve.ts'
import { compareNearness, compareText, freeOf, type Level, sumByOffer } from './model.ts'
import { readLevels } from './repository.ts'
import type { InventoryDeps } from './stock.ts'

/** The warehouses that a reservation would choose now, each with the day its goods are there. */
export async function shipsFrom(
  deps: Pick<InventoryDeps, 'db' | 'directory' | 'locate'>,
  { lines, destination }: Readonly<{ lines: readonly OfferQuantity[]; destination: Destination }>,
): Promise<Departure[]> {
  const offerIds = [...new Set(lines.map(({ offerId }) => offerId))]
  const [warehouses, levels] = await Promise.all([
    deps.directory.read(),
    offerIds.length === 0 ? [] : readLevels(deps.db, offerIds),
  ])
  const near = nearnessFrom(destination, warehouses, deps.locate)
  const { parcels } = allocate(
    whatIsThere(lines, levels),
    levels.map((level) => ({ ...level, free: freeOf(level) })),
    near,
  )
  const departures = new Map<string, Departure>()
  for (const { offerId, warehouseId, quantity } of parcels) {
    const warehouse = warehouses.get(warehouseId)
    const level = levels.find((one) => one.offerId === offerId && one.warehouseId === warehouseId)
    if (!warehouse || !level) continue
    const later = quantity > freeOf({ ...level, backorderCap: 0 }) ? level.availableOn : null
    const known = departures.get(warehouseId)?.notBefore ?? null
    const notBefore = compareText(later ?? '', known ?? '') > 0 ? later : known
    departures.set(warehouseId, departureOf(warehouse, notBefore))
  }
  if (departures.size > 0) return [...departures.values()]
  const open = [...warehouses.values()].filter(({ isActive }) => isActive)
  const [nearest] = open.map(({ id }) => id).sort(compareNearness(near))
  const warehouse = nearest === undefined ? undefined : warehouses.get(nearest)
  return warehouse ? [departureOf(warehouse, null)] : []
}

/** The demand as far as it can be filled. */
function whatIsThere(lines: readonly OfferQuantity[], levels: readonly Level[]): OfferQuantity[] {
  return sumByOffer(lines)
    .map(({ offerId, quantity }) => {
      const free = levels
        .filter((level) => level.offerId === offerId)
        .reduce((sum, level) => sum + freeOf(level), 0)
      return { offerId, quantity: Math.min(quantity, free) }
    })
    .filter(({ quantity }) => quantity > 0)
}

function departureOf(
  { id, country, timezone, cutOff, workingDays, closedOn }: Warehouse,
  notBefore: string | null,
): Departure {
  return { warehouseId: id, country, timezone, cutOff, workingDays, closedOn, notBefore }
}
