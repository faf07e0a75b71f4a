import { type PaymentProvider, ProviderSilent } from '../../server/modules/payments/provider.ts'
import type { Twins } from './memory/database.ts'
import { beginTransaction } from './memory/engine.ts'
import { inventoryTwins } from './twins/inventory.ts'
import { orderTwins } from './twins/orders.ts'
import { paymentTwins } from './twins/payments.ts'
import { platformTwins } from './twins/platform.ts'
import type { Tables } from './twins/tables.ts'

/** A bug that can be planted, to prove that the simulation would find it. */
export type Plant = Readonly<{
  twins?: Twins<Tables>
  provider?(provider: PaymentProvider): PaymentProvider
}>

const twinOf = (twins: Twins<Tables>, name: string) => {
  const twin = twins[name]
  if (!twin) throw new Error(`No twin of ${name}`)
  return twin
}

const lockReservations = twinOf(inventoryTwins, 'inventory.lock_reservations')
const lockLines = twinOf(inventoryTwins, 'inventory.lock_lines')
const appendEvents = twinOf(platformTwins, 'platform.append_events')
const selectAttempts = twinOf(paymentTwins, 'payments.select_attempts')
const lockCheckout = twinOf(orderTwins, 'orders.lock_checkout')

export const PLANTS = {
  /** A charge without an answer is made again, under another key. */
  'charge-again': {
    provider: (bank) => ({
      ...bank,
      authorize: (input) =>
        bank.authorize(input).catch((error: unknown) => {
          if (!(error instanceof ProviderSilent)) throw error
          return bank.authorize({ ...input, key: `${input.key}:again` })
        }),
    }),
  },
  /** A refund without an answer is sent again, under another key. */
  'refund-again': {
    provider: (bank) => ({
      ...bank,
      refund: (input) =>
        bank.refund(input).catch((error: unknown) => {
          if (!(error instanceof ProviderSilent)) throw error
          return bank.refund({ ...input, key: `${input.key}:again` })
        }),
    }),
  },
  /** Who releases a reservation does not see that it was released before. */
  'release-twice': {
    twins: {
      'inventory.lock_reservations': (call) =>
        (lockReservations(call) as { state: string }[]).map((row) =>
          row.state === 'released' ? { ...row, state: 'committed' } : row,
        ),
      'inventory.lock_lines': (call) =>
        (lockLines(call) as { quantity: number; shipped_quantity: number }[]).map((row) => ({
          ...row,
          open_quantity: row.quantity - row.shipped_quantity,
        })),
    },
  },
  /** A consumer handles an event as often as it comes. */
  'inbox-ignored': {
    twins: {
      'platform.take_into_inbox': ({ v }) => (v[1] as string[]).map((event_id) => ({ event_id })),
    },
  },
  /** A hold whose units were freed, because its time was past, is committed as if it were whole. */
  'expiry-not-counted': {
    twins: {
      'inventory.commit_whole': ({ t, tx, v }) =>
        (v[5] as string[])
          .filter((key) => t.reservations.lock(tx, key)?.state === 'held')
          .flatMap((key) => {
            t.reservations.update(tx, key, { state: 'committed' })
            return t.holds.list(tx, (line) => line.key === key)
          }),
    },
  },
  /** An event is told although its change is rolled back. */
  'event-before-commit': {
    twins: {
      'platform.append_events': (call) => {
        const tx = beginTransaction()
        const rows = appendEvents({ ...call, tx })
        tx.commit()
        return rows
      },
    },
  },
  /** Payments are read, changed and written without their lock. */
  'lock-forgotten': {
    twins: { 'payments.lock_attempts': (call) => selectAttempts(call) },
  },
  /** An order is confirmed though it was given up meanwhile. */
  'confirmed-unguarded': {
    twins: {
      'orders.lock_undecided': (call) =>
        (call.v[1] as string[]).flatMap((orderId) => {
          const [row] = lockCheckout({ ...call, v: [0, orderId] }) as { version: number }[]
          return row ? [{ order_id: orderId, version: row.version }] : []
        }),
      'orders.confirm_checkouts': ({ t, tx, v }) => {
        for (const orderId of v[1] as string[]) {
          const version = (t.checkouts.lock(tx, orderId)?.version ?? 0) + 1
          const change = { state: 'confirmed', ending: 'confirmed', version } as const
          t.checkouts.update(tx, orderId, { ...change, dueAt: v[2] as string, sealedPayment: null })
        }
        return []
      },
    },
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof PLANTS
