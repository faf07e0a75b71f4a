import type { EventEnvelope, EventPayload } from '#contracts/kit/event.ts'
import {
  orderCancelled,
  orderConfirmed,
  orderLinesCancelled,
  returnEvents,
} from '#contracts/orders/events.ts'
import { paymentRefunded } from '#contracts/payments/events.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Consumer, isEvent } from '../../../platform/events/consumer.ts'
import { RETURN_NEWS, type ReturnNews, SHIPMENT_NEWS } from './facts.ts'
import { type DueLetter, putLetters } from './repository.ts'

/** A return runs through some states at once: of those that come within this time, the last is told. */
const RETURN_WAITS_MS = 10_000

/** Older events are no news: they come when a shop is brought up to date, or its feed is read anew. */
const OLDEST_MS = 3 * 86_400_000

/** What an event means to the buyer by mail, if it is anything to tell. The topic lets it be told once. */
function letterOf(event: EventEnvelope): DueLetter | undefined {
  const orderId = event.aggregateId
  if (isEvent(orderConfirmed, event))
    return { orderId, topic: 'confirmed', facts: { kind: 'confirmed' } }
  if (isEvent(orderCancelled, event)) {
    const { reason } = event.payload
    return { orderId, topic: 'cancelled', facts: { kind: 'cancelled', reason } }
  }
  if (isEvent(orderLinesCancelled, event)) {
    const { lines, amount, version } = event.payload
    const units = lines.map(({ lineId, quantity }) => ({ lineId, quantity }))
    return { orderId, topic: `units:${version}`, facts: { kind: 'units_cancelled', units, amount } }
  }
  if (isEvent(paymentRefunded, event)) {
    const { refundId, amount } = event.payload
    return { orderId, topic: refundId, facts: { kind: 'refunded', amount } }
  }
  if (isEvent(shipmentMoved, event)) {
    const { shipmentId, status: moved } = event.payload
    const status = SHIPMENT_NEWS.find((known) => known === moved)
    const facts = status && ({ kind: 'shipment', shipmentId, status } as const)
    return facts && { orderId, topic: `${shipmentId}:${status}`, facts }
  }
  return returnLetter(event)
}

function returnLetter(event: EventEnvelope): DueLetter | undefined {
  const state = RETURN_NEWS.find((name) => isEvent(returnEvents[name], event))
  if (!state) return undefined
  const payload = event.payload as EventPayload<(typeof returnEvents)[ReturnNews]>
  const { orderId, returnId, lines: units, version } = payload
  const facts = { kind: 'return', returnId, state, version, units } as const
  return { orderId, topic: `${returnId}:${state}`, facts }
}

/** What happens to orders becomes letters to write; the words are found, and sent, elsewhere. */
export function letterConsumer({ clock }: Readonly<{ clock: Clock }>): Consumer {
  return {
    name: 'notifications.write_of_orders',
    events: [
      orderConfirmed,
      orderCancelled,
      orderLinesCancelled,
      paymentRefunded,
      shipmentMoved,
      ...RETURN_NEWS.map((name) => returnEvents[name]),
    ],
    async handle(tx, events) {
      const now = clock.now()
      const soon = new Date(now.getTime() + RETURN_WAITS_MS).toISOString()
      const at = now.toISOString()
      const letters = events.flatMap((event) => {
        const isOld = now.getTime() - Date.parse(event.createdAt) > OLDEST_MS
        const letter = isOld ? undefined : letterOf(event)
        return letter ? [{ ...letter, dueAt: letter.facts.kind === 'return' ? soon : at }] : []
      })
      await putLetters(tx, letters, at)
    },
  }
}
