import { cartProblem } from './cart/problems.ts'
import { catalogProblem } from './catalog/problems.ts'
import { identityProblem } from './identity/problems.ts'
import { inventoryProblem } from './inventory/problems.ts'
import { generalProblem } from './kit/problem.ts'
import { mediaProblem } from './media/problems.ts'
import { notificationsProblem } from './notifications/problems.ts'
import { operationsProblem } from './operations/problems.ts'
import { ordersProblem } from './orders/problems.ts'
import { paymentsProblem } from './payments/problems.ts'
import { pricingProblem } from './pricing/problems.ts'
import { searchProblem } from './search/problems.ts'
import { shippingProblem } from './shipping/problems.ts'

/** Every problem code with its status and title, for the API document and the checks. */
export const allProblems: Readonly<Record<string, readonly [status: number, title: string]>> = {
  ...generalProblem.declared,
  ...catalogProblem.declared,
  ...searchProblem.declared,
  ...cartProblem.declared,
  ...pricingProblem.declared,
  ...inventoryProblem.declared,
  ...operationsProblem.declared,
  ...ordersProblem.declared,
  ...paymentsProblem.declared,
  ...shippingProblem.declared,
  ...mediaProblem.declared,
  ...notificationsProblem.declared,
  ...identityProblem.declared,
}
