import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Allocation } from '#contracts/inventory/schemas.ts'
import type { LineRecord } from './model.ts'

/** Units of a line that leave one warehouse together. */
export type DispatchedLine = Readonly<{
  lineId: string
  sellerId: string
  sku: string
  name: string
  warehouseId: string
  quantity: number
}>

export type DispatchPlan = Readonly<{
  lines: readonly DispatchedLine[]
  /** The same units as stock knows them. */
  allocations: readonly Allocation[]
}>

export type WantedUnits = Readonly<{ line: LineRecord; quantity: number }>

/** What an order's units are to be taken from, as stock and the order's dispatches know it. */
export type DispatchSources = Readonly<{
  reserved: readonly Allocation[]
  /** What of it does not lie there, and cannot leave. */
  awaited: readonly Allocation[]
  /** What left by earlier dispatches. */
  gone: readonly Allocation[]
}>

/**
 * Which warehouse each unit leaves: out of what is reserved there, lies there and has not left yet.
 * @throws inventory.insufficient_stock if less lies there than is wanted
 * @throws if less is reserved than is wanted, which inventory does not let happen.
 */
export function planDispatch(
  wanted: readonly WantedUnits[],
  { reserved, awaited, gone }: DispatchSources,
): DispatchPlan {
  const left = unitsByPlace(reserved, gone)
  const lying = unitsByPlace(reserved, [...gone, ...awaited])
  const lines = wanted.flatMap(({ line, quantity }) => {
    const { id: lineId, offerId, sellerId, sku, name } = line
    let missing = quantity
    const parts: DispatchedLine[] = []
    for (const { warehouseId } of reserved.filter((one) => one.offerId === offerId)) {
      const place = `${offerId} ${warehouseId}`
      const taken = Math.min(missing, lying.get(place) ?? 0)
      if (taken <= 0) continue
      for (const units of [left, lying]) units.set(place, (units.get(place) ?? 0) - taken)
      parts.push({ lineId, sellerId, sku, name, warehouseId, quantity: taken })
      missing -= taken
    }
    if (missing > 0) throw whyMissing({ offerId, quantity, missing }, reserved, left)
    return parts
  })
  const offerOf = new Map(wanted.map(({ line }) => [line.id, line.offerId]))
  const sums = new Map<string, Allocation>()
  for (const { lineId, warehouseId, quantity } of lines) {
    const offerId = offerOf.get(lineId) as string
    const place = `${offerId} ${warehouseId}`
    sums.set(place, {
      offerId,
      warehouseId,
      quantity: (sums.get(place)?.quantity ?? 0) + quantity,
    })
  }
  return { lines, allocations: [...sums.values()] }
}

/** Units of each offer at each warehouse: what is there, less what is not any more. */
function unitsByPlace(
  there: readonly Allocation[],
  taken: readonly Allocation[],
): Map<string, number> {
  const units = new Map<string, number>()
  const count = ({ offerId, warehouseId, quantity }: Allocation, sign: number) => {
    const place = `${offerId} ${warehouseId}`
    units.set(place, (units.get(place) ?? 0) + sign * quantity)
  }
  for (const allocation of there) count(allocation, 1)
  for (const allocation of taken) count(allocation, -1)
  return units
}

function whyMissing(
  { offerId, quantity, missing }: Readonly<{ offerId: string; quantity: number; missing: number }>,
  reserved: readonly Allocation[],
  left: ReadonlyMap<string, number>,
): Error {
  const promised = reserved
    .filter((one) => one.offerId === offerId)
    .reduce((sum, { warehouseId }) => sum + (left.get(`${offerId} ${warehouseId}`) ?? 0), 0)
  if (promised < missing) return new Error(`${missing} units of ${offerId} are not reserved`)
  return inventoryProblem('inventory.insufficient_stock', {
    detail: 'It was sold on back order and has not come in, or was found missing',
    data: { lines: [{ offerId, requested: quantity, available: quantity - missing }] },
  })
}
