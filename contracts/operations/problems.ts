import { problems } from '../kit/problem.ts'

export const operationsProblem = problems({
  'operations.event_failed': [409, 'The event failed again and stays parked'],
})
