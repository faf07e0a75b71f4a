import { problems } from '../kit/problem.ts'

export const notificationsProblem = problems({
  'notifications.too_many': [409, 'This browser is told of as many things as it can be'],
})
