import { problems } from '../kit/problem.ts'

export const inventoryProblem = problems({
  'inventory.insufficient_stock': [409, 'There is not enough in stock'],
  'inventory.reservation_expired': [409, 'The reservation has expired'],
  'inventory.stock_changed': [409, 'The stock is not what you expected'],
  'inventory.duplicate': [409, 'A warehouse with this code exists'],
  'inventory.warehouse_in_use': [409, 'The warehouse is not empty'],
  'inventory.unreadable_upload': [422, 'The file cannot be read'],
})
