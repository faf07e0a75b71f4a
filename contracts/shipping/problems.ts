import { problems } from '../kit/problem.ts'

export const shippingProblem = problems({
  'shipping.not_deliverable': [422, 'Nothing here is delivered to this address'],
  'shipping.option_unknown': [422, 'There is no such shipping option'],
  'shipping.address_invalid': [400, 'The address is not valid in its country'],
})
