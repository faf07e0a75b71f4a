import { problems } from '../kit/problem.ts'

/** Refusals of the search. */
export const searchProblem = problems({
  'search.too_many': [409, 'There are as many of these as a shop can keep'],
})
