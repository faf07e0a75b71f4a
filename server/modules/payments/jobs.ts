import type { Ticker } from '../../platform/module.ts'
import type { PaymentsService } from './service.ts'

export function paymentsTickers(service: PaymentsService): Ticker[] {
  return [{ name: 'payments.chase_answers', everyMs: 1_000, run: service.chaseAnswers }]
}
