import { z } from 'zod'
import { route } from '../kit/route.ts'
import { Scan, Shipment } from './schemas.ts'

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

export const shippingRoutes = [recordScan] as const
