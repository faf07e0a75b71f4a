import { problems } from '../kit/problem.ts'

export const paymentsProblem = problems({
  'payments.declined': [402, 'The payment was declined'],
  'payments.denied': [402, 'This order cannot be accepted'],
  'payments.provider_unavailable': [503, 'The payment provider does not answer'],
  'payments.signature_invalid': [400, 'The signature does not match'],
  'payments.refund_too_large': [422, 'More than was paid cannot be refunded'],
  'payments.method_not_offered': [422, 'This method of payment is not offered here'],
  'payments.gift_card_unusable': [422, 'This gift card cannot be used'],
  'payments.prepaid_too_little': [422, 'Gift cards and store credit do not suffice'],
  'payments.amount_mismatch': [422, 'The amount is not what the payment is about'],
  'payments.transfer_unknown': [404, 'No payment waits for a transfer with this reference'],
  'payments.payout_too_large': [422, 'The shop owes the seller less than that'],
  'payments.provider_refused': [409, 'The payment provider refuses this'],
})
