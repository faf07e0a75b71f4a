import { productChanged, productsImported, salePricesChanged } from '#contracts/catalog/events.ts'
import type { EventEnvelope } from '#contracts/kit/event.ts'
import { orderCancelled, orderConfirmed } from '#contracts/orders/events.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Consumer, isEvent } from '../../platform/events/consumer.ts'
import { isOrderStep, type OrderStep } from './model.ts'
import { listFollowers, markPricesDue, putNews } from './repository.ts'

type Step = Readonly<{ orderId: string; step: OrderStep }>

/** What an event means to the buyer, if it is anything to tell. */
function stepOf(event: EventEnvelope): Step | undefined {
  if (isEvent(orderConfirmed, event)) return { orderId: event.payload.orderId, step: 'confirmed' }
  if (isEvent(orderCancelled, event)) return { orderId: event.payload.orderId, step: 'cancelled' }
  if (!isEvent(shipmentMoved, event)) return undefined
  const { orderId, status } = event.payload
  return isOrderStep(status) ? { orderId, step: status } : undefined
}

function productsOf(event: EventEnvelope): readonly string[] {
  if (isEvent(productChanged, event)) return [event.payload.productId]
  if (isEvent(productsImported, event)) return event.payload.productIds
  return isEvent(salePricesChanged, event) ? event.payload.productIds : []
}

/** Events become news for those who asked for it; the words are found, and sent, elsewhere. */
export function notificationsConsumers({ clock }: Readonly<{ clock: Clock }>): Consumer[] {
  const now = () => clock.now().toISOString()
  return [
    {
      name: 'notifications.tell_of_orders',
      events: [orderConfirmed, orderCancelled, shipmentMoved],
      async handle(tx, events) {
        const steps = events.flatMap((event) => {
          const step = stepOf(event)
          return step ? [{ ...step, eventId: event.id }] : []
        })
        const watches = await listFollowers(
          tx,
          steps.map(({ orderId }) => orderId),
        )
        const news = steps.flatMap(({ orderId, step, eventId }) =>
          watches
            .filter(({ subject }) => subject === orderId)
            .map(({ subscriptionId }) => ({
              subscriptionId,
              id: eventId,
              facts: { kind: 'order', orderId, step },
            })),
        )
        await putNews(tx, news, now())
      },
    },
    {
      name: 'notifications.notice_prices',
      events: [productChanged, productsImported, salePricesChanged],
      async handle(tx, events) {
        const productIds = events.flatMap(productsOf)
        if (productIds.length > 0) await markPricesDue(tx, productIds, now())
      },
    },
  ]
}
