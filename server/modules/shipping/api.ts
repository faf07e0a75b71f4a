import type { Address } from '#contracts/kit/address.ts'
import type { FieldError } from '#contracts/kit/problem.ts'
import type { ShippingOption } from '#contracts/pricing/schemas.ts'
import type { Scan, Shipment } from '#contracts/shipping/schemas.ts'
import type { Origin } from './calendar.ts'

/** Where an offer would leave from for a destination; without one, what is nearest to it. */
export type ShipsFrom = (input: {
  lines: readonly Readonly<{ offerId: string; quantity: number }>[]
  destination: Readonly<{ country: string; postalCode: string; region?: string }>
}) => Promise<readonly Origin[]>

export type ShippingApi = Readonly<{
  /** Wrong fields by the rules of the address's country; empty when it is fine. */
  checkAddress(input: { address: Address; path: string }): Promise<FieldError[]>
  /** Ways to send these goods there, cheapest first, priced in `currency`. @throws shipping.not_deliverable */
  options(input: {
    destination: Address
    currency: string
    /** Units per USD→currency conversion are pricing's: given as a decimal string. */
    rate: string
    parcels: readonly Readonly<{ sellerId: string; weightGrams: number; subtotalAmount: number }>[]
    /** Where the goods leave from; none if it is not known, which stands for a usual warehouse. */
    origins: readonly Origin[]
  }): Promise<ShippingOption[]>
  /** Shipments of an order, made once per key. */
  createShipments(input: {
    key: string
    orderId: string
    carrier: string
    trackingNumber: string
    estimatedDelivery: string | null
    parcels: readonly Readonly<{
      sellerId: string
      warehouseId: string
      lines: readonly Readonly<{ lineId: string; sku: string; name: string; quantity: number }>[]
    }>[]
  }): Promise<Shipment[]>
  /** Late and doubled scans do no harm: the state is the newest by (time, rank). @throws not_found */
  recordScan(input: { shipmentId: string; eventId: string; scan: Scan }): Promise<Shipment>
  listByOrder(input: { orderId: string }): Promise<Shipment[]>
}>
