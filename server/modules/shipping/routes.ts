import * as contract from '#contracts/shipping/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { ShippingApi } from './api.ts'

export function shippingBindings(api: ShippingApi): readonly Binding[] {
  return [
    bind(contract.recordScan, async ({ params, body }) => {
      const { eventId, ...scan } = body
      const shipment = await api.recordScan({ shipmentId: params.shipmentId, eventId, scan })
      return { status: 200, body: shipment }
    }),
  ]
}
