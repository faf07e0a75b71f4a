import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { route } from '../kit/route.ts'
import { DeliveryPromise, Scan, Shipment } from './schemas.ts'

export const recordScan = route({
  operation: 'recordScan',
  summary: 'A carrier event of a shipment; late and doubled ones do no harm',
  method: 'POST',
  path: '/api/v1/admin/shipments/:shipmentId/scans',
  access: ['operator'],
  permission: 'orders.write',
  traffic: 'admin',
  params: z.object({ shipmentId: z.string().max(60) }),
  body: z.strictObject({ ...Scan.shape, eventId: z.string().min(1).max(100) }),
  replies: { 200: Shipment },
  problems: ['not_found', 'invalid_transition'],
  idempotency: 'accepted',
})

export const promiseDelivery = route({
  operation: 'promiseDelivery',
  summary: 'When what lies in stock would arrive there, each way of sending it, the cheapest first',
  method: 'GET',
  path: '/api/v1/delivery-promise',
  access: ['public'],
  traffic: 'browse',
  query: z.object({
    country: CountryCode,
    postalCode: z.string().trim().min(1).max(16).optional(),
    offerId: id('off').optional().describe('What is to arrive; else anything that lies nearest'),
  }),
  replies: { 200: DeliveryPromise },
  problems: ['shipping.not_deliverable', 'shipping.address_invalid'],
  cacheSeconds: 60,
})

export const shippingRoutes = [recordScan, promiseDelivery] as const
