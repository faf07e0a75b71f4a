import { orderCancelled, orderConfirmed } from '#contracts/orders/events.ts'
import { paymentDisputed, paymentFailed } from '#contracts/payments/events.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Consumer, isEvent } from '../../platform/events/consumer.ts'
import {
  forgetDisputes,
  recordDeclines,
  recordMarks,
  recordSpendings,
} from './history-repository.ts'
import { BUCKET_MS } from './model.ts'
import { returnClaims } from './purchase-limits.ts'
import { listScreenings, type ScreeningRecord } from './screening-repository.ts'

/** Payments that failed by the provider's fault, or for want of an answer, say nothing of a buyer. */
const NOBODYS_FAULT = new Set(['provider_unavailable', 'provider_error', 'not_received'])

const isBuyer = (subject: string) => /^(customer|email):/.test(subject)

/** What becomes of orders is what later ones of the same buyer are judged by. */
export function fraudConsumers({ clock }: Readonly<{ clock: Clock }>): Consumer[] {
  return [
    {
      name: 'fraud.learn_from_orders',
      events: [orderConfirmed, orderCancelled],
      async handle(tx, events) {
        const idsOf = (spec: typeof orderConfirmed | typeof orderCancelled) =>
          events.filter((event) => isEvent(spec, event)).map(({ aggregateId }) => aggregateId)
        const screenings = await listScreenings(tx, idsOf(orderConfirmed))
        // One that waits for an operator is no proof of anything.
        const confirmed = [...screenings.values()].filter(
          ({ reviewState }) => reviewState === null || reviewState === 'approved',
        )
        const now = clock.now().toISOString()
        await recordSpendings(tx, confirmed.flatMap(spendingsOf), now)
        await recordMarks(tx, confirmed.flatMap(marksOf), now)
        await returnClaims(tx, idsOf(orderCancelled))
      },
    },
    {
      name: 'fraud.learn_from_payments',
      events: [paymentFailed, paymentDisputed],
      async handle(tx, events) {
        const failed = events.flatMap((event) =>
          isEvent(paymentFailed, event) && !NOBODYS_FAULT.has(event.payload.declineCode)
            ? [event.aggregateId]
            : [],
        )
        const disputed = events.flatMap((event) =>
          isEvent(paymentDisputed, event) ? [event.payload] : [],
        )
        const ids = [...failed, ...disputed.map(({ orderId }) => orderId)]
        const screenings = await listScreenings(tx, [...new Set(ids)])
        const subjectsOf = (orderId: string) => screenings.get(orderId)?.subjects ?? []
        const now = clock.now()
        const bucketAt = Math.floor(now.getTime() / BUCKET_MS) * BUCKET_MS
        const declined = failed
          .flatMap(subjectsOf)
          .filter((subject) => !subject.startsWith('address:'))
        await recordDeclines(tx, declined, new Date(bucketAt).toISOString())
        const marksOfDisputes = (isWon: boolean) =>
          disputed
            .filter(({ status }) => (status === 'won') === isWon)
            .flatMap(({ orderId, disputeId: value }) =>
              subjectsOf(orderId)
                .filter(isBuyer)
                .map((subject) => ({ subject, kind: 'dispute' as const, value })),
            )
        await recordMarks(tx, marksOfDisputes(false), now.toISOString())
        await forgetDisputes(tx, marksOfDisputes(true))
      },
    },
  ]
}

function spendingsOf({ subjects, currency, total: amount }: ScreeningRecord) {
  return subjects.filter(isBuyer).map((subject) => ({ subject, currency, amount }))
}

function marksOf({ subjects, country }: ScreeningRecord) {
  const device = subjects.find((subject) => subject.startsWith('device:'))
  return subjects
    .filter(isBuyer)
    .flatMap((subject) => [
      { subject, kind: 'country' as const, value: country },
      ...(device === undefined ? [] : [{ subject, kind: 'device' as const, value: device }]),
    ])
}
