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

/**
 * Which warehouse each unit leaves: out of what is reserved there and has not left yet.
 * @throws if less is reserved than is wanted, which inventory does not let happen.
 */
export function planDispatch(
  wanted: readonly WantedUnits[],
  reserved: readonly Allocation[],
  gone: readonly Allocation[],
): DispatchPlan {
  const left = new Map<string, number>()
  const count = ({ offerId, warehouseId, quantity }: Allocation, sign: number) => {
    const place = `${offerId} ${warehouseId}`
    left.set(place, (left.get(place) ?? 0) + sign * quantity)
  }
  for (const allocation of reserved) count(allocation, 1)
  for (const allocation of gone) count(allocation, -1)
  const lines = wanted.flatMap(({ line, quantity }) => {
    const { id: lineId, offerId, sellerId, sku, name } = line
    let missing = quantity
    const parts: DispatchedLine[] = []
    for (const { warehouseId } of reserved.filter((one) => one.offerId === offerId)) {
      const taken = Math.min(missing, left.get(`${offerId} ${warehouseId}`) ?? 0)
      if (taken <= 0) continue
      count({ offerId, warehouseId, quantity: taken }, -1)
      parts.push({ lineId, sellerId, sku, name, warehouseId, quantity: taken })
      missing -= taken
    }
    if (missing > 0) throw new Error(`${missing} units of ${offerId} are ordered and not reserved`)
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
