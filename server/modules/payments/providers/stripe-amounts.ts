import { currencyExponent } from '#contracts/kit/money.ts'
import { ProviderRefused } from '../provider.ts'

/**
 * Currencies whose amounts Stripe counts otherwise than ISO 4217 does. ISK and UGX have no minor
 * unit any more, and are told in hundredths that must be 00; MGA's fifths are not told at all.
 * Source: docs.stripe.com/currencies, "zero-decimal" and "special cases".
 */
const STRIPE_EXPONENTS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 }

/** Of thousandths Stripe takes whole tens only. Source: the same, "three-decimal currencies". */
const TENS_ONLY = 3

/**
 * Our minor units as Stripe counts them.
 * @throws ProviderRefused if Stripe has no such amount; it never rounds.
 */
export function toStripeAmount(amount: number, currency: string): number {
  const exponent = currencyExponent(currency)
  const theirs = STRIPE_EXPONENTS[currency] ?? exponent
  const moved = shift(amount, theirs - exponent)
  const fits = Number.isSafeInteger(moved) && (theirs !== TENS_ONLY || moved % 10 === 0)
  if (!fits) throw new ProviderRefused('amount_not_representable')
  return moved
}

/** Stripe's count in our minor units. */
export function fromStripeAmount(amount: number, currency: string): number {
  const exponent = currencyExponent(currency)
  return shift(amount, exponent - (STRIPE_EXPONENTS[currency] ?? exponent))
}

function shift(amount: number, places: number): number {
  return places >= 0 ? amount * 10 ** places : amount / 10 ** -places
}
