export type OrdersSettings = Readonly<{
  /** The marketplace's share of a line's net, as a decimal string ("0.10"). */
  commissionRate: string
  /** VAT that it charges on that share. */
  commissionVatRate?: string
  /** Ships confirmed orders by itself, for a shop that is tried out. */
  demoFulfilment: boolean
  /** How long stock is held for an order that is not paid yet. */
  reservationTtlSeconds?: number
  /** How long a payment may come. */
  paymentWindowMs?: number
  /** How long after its arrival a shopper may ask to send a thing back. */
  returnWindowMs?: number
  /** How long after its payment the demo ships an order. */
  demoShipAfterMs?: number
}>

export const RESERVATION_TTL_SECONDS = 600
export const PAYMENT_WINDOW_MS = 30 * 60_000
export const RETURN_WINDOW_MS = 30 * 24 * 60 * 60_000
export const DEMO_SHIP_AFTER_MS = 20_000

/**
 * How long a process may take over one step. After that a worker goes on with the order: longer
 * than the longest call out, shorter than a shopper's patience.
 */
export const LEASE_MS = 60_000

const ASK_MS = 5_000
const ASK_MAX_MS = 5 * 60_000

/**
 * When a worker looks at an order again whose payment has no answer: in seconds, then ever less
 * often, and when its time is over at the latest.
 * @param tries how often it looked before.
 */
export function nextLookAt(now: Date, tries: number, windowEndsAt: string): string {
  const waitMs = Math.min(ASK_MS * 2 ** Math.min(tries, 10), ASK_MAX_MS)
  const soon = new Date(now.getTime() + waitMs).toISOString()
  return soon < windowEndsAt ? soon : windowEndsAt
}

/** Named points of the path at which tests end the process. */
export type Failpoint = (
  name:
    | 'after_reserve'
    | 'after_place'
    | 'after_screen'
    | 'before_charge'
    | 'after_charge'
    | 'before_confirm'
    | 'after_confirm',
) => void | Promise<void>
