import { shortageFound } from '#contracts/inventory/events.ts'
import type { EventPayload } from '#contracts/kit/event.ts'
import { paymentFailed, paymentProcessed } from '#contracts/payments/events.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { type Consumer, isEvent } from '../../platform/events/consumer.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import { isIdOf } from '../../platform/ids.ts'
import { lockOrder, wakeForPayment } from './checkout-repository.ts'
import { type ParcelNews, recordParcels } from './dispatch-repository.ts'
import { wakeParked } from './refund-repository.ts'
import { listLines } from './repository.ts'
import { reviewConsumer } from './reviews.ts'
import { appendToTimeline } from './store.ts'

/** What a shopper reads on the timeline; the rest is in the parcel's own scans. */
const TOLD = new Set(['out_for_delivery', 'delivered', 'exception', 'returned_to_sender', 'lost'])

type Deps = Readonly<{ clock: Clock; outbox: Outbox }>

export function ordersConsumers({ clock, outbox }: Deps): Consumer[] {
  return [
    reviewConsumer({ clock, outbox }),
    {
      // A payment whose outcome came late: by webhook, or because its provider was asked.
      name: 'orders.follow_payments',
      events: [paymentProcessed, paymentFailed],
      async handle(tx, events) {
        const orderIds = events.map((event) => event.aggregateId)
        const now = clock.now().toISOString()
        await wakeForPayment(tx, orderIds, now)
        await wakeParked(tx, orderIds, now)
      },
    },
    {
      // Somebody has to decide: wait for new stock, or cancel the units.
      name: 'orders.follow_shortages',
      events: [shortageFound],
      async handle(tx, events) {
        for (const event of events) {
          if (isEvent(shortageFound, event)) await tellShortage(tx, event.payload, clock)
        }
      },
    },
    {
      name: 'orders.follow_shipments',
      events: [shipmentMoved],
      async handle(tx, events) {
        const news = events.flatMap((event) =>
          isEvent(shipmentMoved, event) ? [event.payload] : [],
        )
        await recordParcels(tx, news)
        for (const one of news) await tell(tx, one, clock)
      },
    },
  ]
}

async function tellShortage(
  tx: Tx,
  { key: orderId, offerId, warehouseId, quantity }: EventPayload<typeof shortageFound>,
  clock: Clock,
): Promise<void> {
  // Exchanges of returns are promised under keys of their own.
  if (!isIdOf('ord', orderId) || !(await lockOrder(tx, orderId))) return
  const line = (await listLines(tx, orderId)).find((one) => one.offerId === offerId)
  const note = `${quantity} × ${line?.name ?? offerId}: not found in ${warehouseId}`
  await appendToTimeline(tx, orderId, { type: 'shortage', note, now: clock.now().toISOString() })
}

async function tell(tx: Tx, { orderId, shipmentId, status }: ParcelNews, clock: Clock) {
  if (!TOLD.has(status)) return
  const now = clock.now().toISOString()
  await appendToTimeline(tx, orderId, { type: status, note: shipmentId, now })
}
