import { convert, money } from '#contracts/kit/money.ts'
import type { Scan, SHIPMENT_STATUSES } from '#contracts/shipping/schemas.ts'
import type { Transit } from './calendar.ts'

export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number]

const TRAVELLING = ['shipped', 'in_transit', 'out_for_delivery', 'exception'] as const
const ARRIVED = ['delivered', 'returned_to_sender'] as const

/**
 * What may follow what (semantics 1f). Carriers skip scans, so any later state may follow an earlier
 * one; a lost parcel may still turn up.
 */
const NEXT: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  created: ['labelled', ...TRAVELLING, ...ARRIVED, 'lost', 'cancelled'],
  labelled: [...TRAVELLING, ...ARRIVED, 'lost', 'cancelled'],
  shipped: ['in_transit', 'out_for_delivery', 'exception', ...ARRIVED, 'lost'],
  in_transit: ['out_for_delivery', 'exception', ...ARRIVED, 'lost'],
  out_for_delivery: ['in_transit', 'exception', ...ARRIVED, 'lost'],
  exception: ['in_transit', 'out_for_delivery', ...ARRIVED, 'lost'],
  lost: [...ARRIVED],
  delivered: [],
  returned_to_sender: [],
  cancelled: [],
}

const RANK: readonly ShipmentStatus[] = [
  'created',
  'labelled',
  'cancelled',
  'shipped',
  'in_transit',
  'exception',
  'out_for_delivery',
  'lost',
  'returned_to_sender',
  'delivered',
]

/** Scans in the order that they happened in: by the carrier's time, then rank, then event. */
export function inOrder<S extends Scan & { eventId: string }>(scans: readonly S[]): S[] {
  return [...scans].sort(
    (a, b) =>
      Date.parse(a.at) - Date.parse(b.at) ||
      RANK.indexOf(a.status) - RANK.indexOf(b.status) ||
      (a.eventId < b.eventId ? -1 : 1),
  )
}

/**
 * The state of a shipment: a pure function of the set of its scans, so that the order in which they
 * arrive does not matter. A scan that cannot follow is passed over.
 */
export function stateOf(scans: readonly (Scan & { eventId: string })[]): ShipmentStatus {
  return inOrder(scans).reduce<ShipmentStatus>(
    (state, { status }) => (NEXT[state].includes(status) ? status : state),
    'created',
  )
}

/** Currency that rates and thresholds are kept in. */
const RATE_CURRENCY = 'USD'

/** A method in the zone of a country. */
export type Service = Readonly<{
  methodId: string
  name: string
  transit: Transit
  /** For parcels from another country. */
  transitFromAbroad: Transit
  freeFromAmount: number | null
  extraKilogramAmount: number
  /** By weight, lightest first; never empty. */
  steps: readonly Readonly<{ maxWeightGrams: number; priceAmount: number }>[]
}>

/** What a parcel costs, in minor units of the rates' currency. */
export function parcelPrice({ steps, extraKilogramAmount }: Service, weightGrams: number): number {
  const step = steps.find(({ maxWeightGrams }) => weightGrams <= maxWeightGrams)
  if (step) return step.priceAmount
  const heaviest = steps.at(-1)
  if (!heaviest) throw new Error('A shipping service without a rate')
  const extra = Math.ceil((weightGrams - heaviest.maxWeightGrams) / 1000)
  return heaviest.priceAmount + extra * extraKilogramAmount
}

/**
 * What all parcels cost together; nothing from the threshold on.
 * @param rate units of `currency` for one of the rates' currency.
 */
export function shippingPrice(
  service: Service,
  parcels: readonly Readonly<{ weightGrams: number; subtotalAmount: number }>[],
  { currency, rate }: Readonly<{ currency: string; rate: string }>,
): number {
  const inCurrency = (amount: number) =>
    convert(money(amount, RATE_CURRENCY), currency, rate).amount
  const worth = parcels.reduce((all, parcel) => all + parcel.subtotalAmount, 0)
  if (service.freeFromAmount !== null && worth >= inCurrency(service.freeFromAmount)) return 0
  return inCurrency(
    parcels.reduce((all, { weightGrams }) => all + parcelPrice(service, weightGrams), 0),
  )
}
