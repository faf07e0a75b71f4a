import * as contract from '#contracts/shipping/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { ShippingApi, ShipsFrom } from './api.ts'
import { createPromise } from './promise.ts'

export function shippingBindings(api: ShippingApi, shipsFrom: ShipsFrom): readonly Binding[] {
  const promise = createPromise({ ...api, shipsFrom })
  return [
    bind(contract.promiseDelivery, async ({ query }) => {
      return { status: 200, body: await promise(query) }
    }),
    bind(contract.recordScan, async ({ params, body }) => {
      const { eventId, ...scan } = body
      const shipment = await api.recordScan({ shipmentId: params.shipmentId, eventId, scan })
      return { status: 200, body: shipment }
    }),
  ]
}
