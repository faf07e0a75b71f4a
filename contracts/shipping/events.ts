import { z } from 'zod'
import { event } from '../kit/event.ts'
import { SHIPMENT_STATUSES } from './schemas.ts'

export const shipmentMoved = event({
  type: 'shipping.shipment_moved.v1',
  aggregate: 'order',
  summary: 'A parcel was created or reached its next state',
  payload: z.strictObject({
    shipmentId: z.string(),
    orderId: z.string(),
    status: z.enum(SHIPMENT_STATUSES),
    lines: z.array(z.strictObject({ lineId: z.string(), quantity: z.int() })),
    at: z.string(),
  }),
})

export const shippingEvents = [shipmentMoved] as const
