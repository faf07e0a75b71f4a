import { problems } from '../kit/problem.ts'

export const catalogProblem = problems({
  'catalog.currency_not_sold': [400, 'Prices are not given in this currency'],
  'catalog.import_failed': [422, 'The file could not be imported'],
  'catalog.duplicate': [409, 'Another record has this value already'],
  'catalog.transfers_full': [409, 'Files of imports and exports take up all the room they may'],
  'catalog.transfer_ended': [409, 'The job is not in a state for this'],
  'catalog.category_cycle': [409, 'A category cannot be moved below itself'],
})
