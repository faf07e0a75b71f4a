import { z } from 'zod'
import { Money } from '#contracts/kit/money.ts'

export const SHIPMENT_NEWS = ['shipped', 'delivered', 'exception'] as const
export const RETURN_NEWS = [
  'requested',
  'approved',
  'declined',
  'label_issued',
  'received',
  'resolved',
  'cancelled',
  'expired',
] as const

const units = z.array(z.strictObject({ lineId: z.string(), quantity: z.int() }))

/** What a letter about an order tells, without its words and without the person. */
export const LetterFacts = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('confirmed') }),
  z.strictObject({ kind: z.literal('cancelled'), reason: z.string() }),
  z.strictObject({ kind: z.literal('units_cancelled'), units, amount: Money }),
  z.strictObject({
    kind: z.literal('shipment'),
    shipmentId: z.string(),
    status: z.enum(SHIPMENT_NEWS),
  }),
  z.strictObject({ kind: z.literal('refunded'), amount: Money }),
  z.strictObject({
    kind: z.literal('return'),
    returnId: z.string(),
    state: z.enum(RETURN_NEWS),
    version: z.int(),
    units,
  }),
])
export type LetterFacts = Readonly<z.infer<typeof LetterFacts>>
export type ShipmentNews = (typeof SHIPMENT_NEWS)[number]
export type ReturnNews = (typeof RETURN_NEWS)[number]
