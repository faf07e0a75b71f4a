import { catalogEvents } from './catalog/events.ts'
import { fraudEvents } from './fraud/events.ts'
import { identityEvents } from './identity/events.ts'
import { inventoryEvents } from './inventory/events.ts'
import type { EventSpec } from './kit/event.ts'
import { ordersEvents } from './orders/events.ts'
import { paymentsEvents } from './payments/events.ts'
import { shippingEvents } from './shipping/events.ts'

/** Every event that is told. The catalogue of events, and the topics in Kafka, come from this list. */
export const allEvents: readonly EventSpec[] = [
  ...catalogEvents,
  ...inventoryEvents,
  ...ordersEvents,
  ...identityEvents,
  ...paymentsEvents,
  ...fraudEvents,
  ...shippingEvents,
]
