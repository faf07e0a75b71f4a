import { money } from '#contracts/kit/money.ts'
import { sealedColumn } from '../../platform/sealed-columns.ts'
import type { Vault } from '../../platform/vault.ts'
import type { ChargeInput, Payment } from '../payments/index.ts'
import type { PlaceOrderInput } from './api.ts'
import type { OrderRecord } from './model.ts'

/** How a shopper wants to pay: all that a charge needs besides the order. */
export type PaymentPlan = Readonly<
  Pick<ChargeInput, 'method' | 'token' | 'returnUrl' | 'giftCards' | 'storeCreditOf'>
>

export function planOf({ payment, returnUrl, customerId }: PlaceOrderInput): PaymentPlan {
  const { method, token, giftCards, useStoreCredit } = payment
  return {
    method,
    ...(token === undefined ? {} : { token }),
    ...(returnUrl === undefined ? {} : { returnUrl }),
    ...(giftCards?.length ? { giftCards } : {}),
    ...(useStoreCredit && customerId !== null ? { storeCreditOf: customerId } : {}),
  }
}

export function chargeOf(
  { id: orderId, total, currency }: Pick<OrderRecord, 'id' | 'total' | 'currency'>,
  plan: PaymentPlan,
  attempt: number,
): ChargeInput {
  return { ...plan, orderId, attempt, amount: money(total, currency) }
}

const placeOf = (orderId: string) => `orders.checkouts.sealed_payment:${orderId}`

/** How shoppers want to pay, until their orders are decided. */
export const sealedPlans = sealedColumn({
  table: 'orders.checkouts',
  column: 'sealed_payment',
  isSharded: true,
  id: 'order_id',
  placeOf,
})

/** A plan as it lies in the database until its order is decided. */
export function sealPlan(vault: Vault, orderId: string, plan: PaymentPlan): string {
  return vault.seal(JSON.stringify(plan), placeOf(orderId))
}

/** @throws if the vault has lost its key */
export function openPlan(vault: Vault, orderId: string, sealed: string): PaymentPlan {
  return JSON.parse(vault.open(sealed, placeOf(orderId))) as PaymentPlan
}

type Paid = Payment & Readonly<{ state: 'captured' | 'authorized' }>

/**
 * Whether an order is paid: what was given back, by a worker that died before it could end the
 * order, pays for nothing.
 */
export function isPaid(payment: Payment | null): payment is Paid {
  if (payment?.state === 'authorized') return true
  if (payment?.state !== 'captured') return false
  const { captured, refunded, refunding } = payment
  return captured === 0 || refunded + refunding < captured
}
