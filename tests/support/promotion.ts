import { ALL_LINES, type Promotion } from '../../server/modules/pricing/model.ts'

/** Ten per cent of everything, always, for everybody; and what a test changes of it. */
export const promotion = (id: string, changes: Partial<Promotion> = {}): Promotion => ({
  id,
  name: id,
  class: 'order',
  effect: { kind: 'percentage', percent: '10' },
  target: ALL_LINES,
  minimum: null,
  combinesWith: [],
  priority: 100,
  sellerSharePercent: 0,
  needsCoupon: false,
  startsAt: null,
  endsAt: null,
  totalLimit: null,
  perCustomerLimit: null,
  budget: null,
  active: true,
  ...changes,
})
