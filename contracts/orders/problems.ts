import { problems } from '../kit/problem.ts'

export const ordersProblem = problems({
  'orders.price_changed': [409, 'The total has changed; here is the new quote'],
  'orders.cart_changed': [409, 'The cart has changed since it was quoted'],
  'orders.cart_empty': [422, 'The cart is empty'],
  'orders.quote_unknown': [422, 'There is no such quote for this cart'],
  'orders.refund_not_possible': [422, 'This cannot be refunded'],
  'orders.return_not_possible': [422, 'This cannot be returned'],
  'orders.edit_not_possible': [422, 'The order cannot be changed like this'],
  'orders.purchase_limit': [422, 'One shopper may not order that many of a product'],
  'orders.quote_mismatch': [422, 'The address or shipping option is not what was quoted'],
})
