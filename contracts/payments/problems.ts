import { problems } from '../kit/problem.ts'

export const paymentsProblem = problems({
  'payments.declined': [402, 'The payment was declined'],
  'payments.provider_unavailable': [503, 'The payment provider does not answer'],
  'payments.signature_invalid': [400, 'The signature does not match'],
  'payments.refund_too_large': [422, 'More than was paid cannot be refunded'],
})
