import { z } from 'zod'
import { Timestamp } from '../kit/page.ts'

export const SHIPMENT_STATUSES = [
  'created',
  'labelled',
  'shipped',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'exception',
  'returned_to_sender',
  'lost',
  'cancelled',
] as const

export const Scan = z
  .strictObject({
    status: z.enum(SHIPMENT_STATUSES),
    at: Timestamp,
    location: z.string().optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'Scan' })
export type Scan = Readonly<z.infer<typeof Scan>>

export const Shipment = z
  .strictObject({
    id: z.string(),
    status: z.enum(SHIPMENT_STATUSES),
    carrier: z.string(),
    trackingNumber: z.string().nullable(),
    sellerId: z.string(),
    warehouseId: z.string(),
    lines: z.array(
      z.strictObject({ lineId: z.string(), sku: z.string(), name: z.string(), quantity: z.int() }),
    ),
    estimatedDelivery: z.iso.date().nullable(),
    scans: z.array(Scan),
  })
  .meta({ id: 'Shipment' })
export type Shipment = Readonly<z.infer<typeof Shipment>>

export const DeliveryPromise = z
  .strictObject({
    country: z.string(),
    postalCode: z.string().nullable(),
    options: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        estimatedDelivery: z.strictObject({ earliest: z.iso.date(), latest: z.iso.date() }),
      }),
    ),
  })
  .meta({ id: 'DeliveryPromise' })
export type DeliveryPromise = Readonly<z.infer<typeof DeliveryPromise>>
