import { z } from 'zod'
import { currencyExponent, fromDecimal, type Money, toDecimal } from '#contracts/kit/money.ts'
import { ProviderRefused, ProviderSilent } from '../provider.ts'

const Amount = z.looseObject({ currency_code: z.string(), value: z.string() })
const Link = z.looseObject({ href: z.string(), rel: z.string() })

export const CaptureBody = z.looseObject({
  id: z.string(),
  status: z.string(),
  amount: Amount,
  custom_id: z.string().optional(),
  seller_receivable_breakdown: z
    .looseObject({
      gross_amount: Amount,
      paypal_fee: Amount.optional(),
      receivable_amount: Amount.optional(),
    })
    .optional(),
  supplementary_data: z
    .looseObject({ related_ids: z.looseObject({ order_id: z.string().optional() }).optional() })
    .optional(),
})
export type CaptureBody = z.infer<typeof CaptureBody>

export const RefundBody = z.looseObject({
  id: z.string(),
  status: z.string(),
  amount: Amount.optional(),
  custom_id: z.string().optional(),
  links: z.array(Link).optional(),
})
export type RefundBody = z.infer<typeof RefundBody>

export const OrderBody = z.looseObject({
  id: z.string(),
  status: z.string(),
  links: z.array(Link).optional(),
  purchase_units: z
    .array(
      z.looseObject({
        reference_id: z.string().optional(),
        custom_id: z.string().optional(),
        amount: Amount.optional(),
        payments: z
          .looseObject({
            captures: z.array(CaptureBody).optional(),
            refunds: z.array(RefundBody).optional(),
          })
          .optional(),
      }),
    )
    .min(1),
})
export type OrderBody = z.infer<typeof OrderBody>

export const DisputeBody = z.looseObject({
  dispute_id: z.string(),
  status: z.string().optional(),
  reason: z.string().optional(),
  dispute_amount: Amount,
  dispute_outcome: z.looseObject({ outcome_code: z.string() }).optional(),
  disputed_transactions: z
    .array(z.looseObject({ seller_transaction_id: z.string().optional() }))
    .min(1),
})
export type DisputeBody = z.infer<typeof DisputeBody>

export const EventBody = z.looseObject({
  id: z.string(),
  event_type: z.string(),
  create_time: z.string(),
  resource: z.looseObject({}),
})

export const TokenBody = z.looseObject({ access_token: z.string(), expires_in: z.number() })

export const ErrorBody = z.looseObject({
  name: z.string().optional(),
  details: z.array(z.looseObject({ issue: z.string().optional() })).optional(),
})

/** Currencies that PayPal takes in whole units only, whatever ISO 4217 says. */
const WHOLE_ONLY = new Set(['HUF', 'JPY', 'TWD'])

/**
 * An amount as PayPal writes it: "24.90".
 * @throws ProviderRefused if PayPal has no such amount; it is never rounded.
 */
export function toPayPalAmount({ amount, currency }: Money): z.infer<typeof Amount> {
  if (!WHOLE_ONLY.has(currency))
    return { currency_code: currency, value: toDecimal({ amount, currency }) }
  const unit = 10 ** currencyExponent(currency)
  if (amount % unit !== 0) throw new ProviderRefused('amount_not_representable')
  return { currency_code: currency, value: String(amount / unit) }
}

/** An amount of PayPal's in our minor units. */
export function fromPayPalAmount({
  currency_code: currency,
  value,
}: z.infer<typeof Amount>): Money {
  const read = fromDecimal(value, currency)
  if (!read) throw new ProviderSilent(`PayPal tells an amount of ${value} ${currency}`)
  return read
}
