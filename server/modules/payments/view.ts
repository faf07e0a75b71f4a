import type { Queryable } from '../../platform/db/statement.ts'
import type { Payment } from './api.ts'
import { type Attempt, toPayment } from './model.ts'
import { listTenders } from './tender-repository.ts'

/** An attempt as other modules see it; its tenders are read only if it has some. */
export async function showPayment(on: Queryable, attempt: Attempt): Promise<Payment> {
  return toPayment(attempt, attempt.tendered > 0 ? await listTenders(on, attempt.orderId) : [])
}
