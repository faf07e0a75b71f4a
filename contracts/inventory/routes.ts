import { z } from 'zod'
import { page, queryInt } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  NewTransfer,
  NewWarehouse,
  Shortage,
  StockLevel,
  StockMovement,
  StockReservation,
  StockSettings,
  Transfer,
  TransferReceipt,
  UploadResult,
  Warehouse,
  WarehouseEdit,
} from './schemas.ts'

const operators = { access: ['operator'], permission: 'inventory.write', traffic: 'admin' } as const
const readers = { ...operators, permission: 'inventory.read' } as const
const writers = { ...operators, permission: 'inventory.write' } as const
const Id = z.string().min(1).max(60)
const Row = z.object({ offerId: Id, warehouseId: Id })
const Quantity = z.int().min(0).max(100_000_000)
const Reason = z.string().max(200)
const PageQuery = {
  cursor: z.string().max(500).optional(),
  limit: queryInt(1, 200).optional(),
}
const ROW = '/api/v1/admin/stock/:offerId/:warehouseId'

export const getStock = route({
  operation: 'getStock',
  summary: 'Stock levels of an offer, warehouse by warehouse',
  method: 'GET',
  path: '/api/v1/admin/stock/:offerId',
  ...readers,
  params: z.object({ offerId: Id }),
  replies: { 200: z.strictObject({ items: z.array(StockLevel), nextCursor: z.null() }) },
  problems: ['not_found'],
})

export const setStock = route({
  operation: 'setStock',
  summary: 'Sets what is on hand, if it still is what the caller saw',
  method: 'PUT',
  path: ROW,
  ...writers,
  params: Row,
  body: z.strictObject({
    quantity: Quantity,
    expected: Quantity.describe('The quantity that the caller saw; a blind set is refused'),
    reason: Reason,
  }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.stock_changed', 'inventory.insufficient_stock'],
  idempotency: 'accepted',
})

export const adjustStock = route({
  operation: 'adjustStock',
  summary: 'Adds to or takes from what is on hand',
  method: 'POST',
  path: `${ROW}/adjustments`,
  ...writers,
  params: Row,
  body: z.strictObject({ delta: z.int().min(-100_000_000).max(100_000_000), reason: Reason }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.insufficient_stock'],
  idempotency: 'required',
})

export const countStock = route({
  operation: 'countStock',
  summary:
    'Corrects what is on hand to what was counted, also below what is promised: the newest promises become shortages',
  method: 'POST',
  path: `${ROW}/counts`,
  ...writers,
  params: Row,
  body: z.strictObject({ counted: Quantity, expected: Quantity, reason: Reason }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.stock_changed'],
  idempotency: 'required',
})

export const disposeStock = route({
  operation: 'disposeStock',
  summary: 'Sets units aside as damaged, takes them back as repaired, or writes them off',
  method: 'POST',
  path: `${ROW}/dispositions`,
  ...writers,
  params: Row,
  body: z.strictObject({
    kind: z.enum(['damaged', 'repaired', 'written_off']),
    quantity: Quantity.min(1),
    from: z
      .enum(['on_hand', 'damaged'])
      .default('damaged')
      .describe('What is written off; for the other kinds it is clear'),
    reason: Reason,
  }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.insufficient_stock'],
  idempotency: 'required',
})

export const changeStockSettings = route({
  operation: 'changeStockSettings',
  summary: 'Sets safety stock, reorder point, and what may be sold before it lies there',
  method: 'PATCH',
  path: `${ROW}/settings`,
  ...writers,
  params: Row,
  body: StockSettings,
  replies: { 200: StockLevel },
  problems: ['not_found', 'precondition_failed', 'inventory.insufficient_stock'],
  idempotency: 'accepted',
  takesIfMatch: true,
})

export const listMovements = route({
  operation: 'listStockMovements',
  summary: 'What changed a stock row, the newest first',
  method: 'GET',
  path: `${ROW}/movements`,
  ...readers,
  params: Row,
  query: z.object(PageQuery),
  replies: { 200: page(StockMovement) },
})

export const uploadStock = route({
  operation: 'uploadStock',
  summary:
    'Sets many levels from a file: CSV with a header, or JSON line by line: offerId, warehouseCode, quantity',
  method: 'POST',
  path: '/api/v1/admin/stock-uploads',
  ...writers,
  upload: ['text/csv', 'application/x-ndjson'],
  bodyLimitBytes: 256 * 1024 * 1024,
  replies: { 200: UploadResult },
  problems: ['inventory.unreadable_upload'],
})

export const listWarehouses = route({
  operation: 'listWarehouses',
  summary: 'All warehouses, by code',
  method: 'GET',
  path: '/api/v1/admin/warehouses',
  ...readers,
  replies: { 200: z.strictObject({ items: z.array(Warehouse), nextCursor: z.null() }) },
})

export const createWarehouse = route({
  operation: 'createWarehouse',
  summary: 'Opens a warehouse',
  method: 'POST',
  path: '/api/v1/admin/warehouses',
  ...writers,
  body: NewWarehouse,
  replies: { 201: Warehouse },
  problems: ['inventory.duplicate'],
  idempotency: 'accepted',
})

export const getWarehouse = route({
  operation: 'getWarehouse',
  summary: 'One warehouse',
  method: 'GET',
  path: '/api/v1/admin/warehouses/:warehouseId',
  ...readers,
  params: z.object({ warehouseId: Id }),
  replies: { 200: Warehouse },
  problems: ['not_found'],
})

export const editWarehouse = route({
  operation: 'editWarehouse',
  summary: 'Changes a warehouse, closes it or opens it again',
  method: 'PATCH',
  path: '/api/v1/admin/warehouses/:warehouseId',
  ...writers,
  params: z.object({ warehouseId: Id }),
  body: WarehouseEdit,
  replies: { 200: Warehouse },
  problems: ['not_found', 'precondition_failed', 'inventory.warehouse_in_use'],
  idempotency: 'accepted',
  takesIfMatch: true,
})

const TRANSFERS = '/api/v1/admin/stock-transfers'
const OfTransfer = z.object({ transferId: Id })
const step = {
  ...writers,
  method: 'POST',
  params: OfTransfer,
  idempotency: 'accepted',
  takesIfMatch: true,
} as const

export const createTransfer = route({
  operation: 'createStockTransfer',
  summary: 'Plans goods to come to a warehouse: from another one, or bought',
  method: 'POST',
  path: TRANSFERS,
  ...writers,
  body: NewTransfer,
  replies: { 201: Transfer },
  problems: ['not_found'],
  idempotency: 'required',
})

export const listTransfers = route({
  operation: 'listStockTransfers',
  summary: 'Transfers and purchases, the newest first',
  method: 'GET',
  path: TRANSFERS,
  ...readers,
  query: z.object(PageQuery),
  replies: { 200: page(Transfer) },
})

export const getTransfer = route({
  operation: 'getStockTransfer',
  summary: 'One transfer or purchase with its lines',
  method: 'GET',
  path: `${TRANSFERS}/:transferId`,
  ...readers,
  params: OfTransfer,
  replies: { 200: Transfer },
  problems: ['not_found'],
})

export const shipTransfer = route({
  operation: 'shipStockTransfer',
  summary: 'The goods have left: out of the stock they come from, incoming where they go',
  path: `${TRANSFERS}/:transferId/ship`,
  ...step,
  replies: { 200: Transfer },
  problems: [
    'not_found',
    'precondition_failed',
    'invalid_transition',
    'inventory.insufficient_stock',
  ],
})

export const receiveTransfer = route({
  operation: 'receiveStockTransfer',
  summary: 'Goods have arrived, all or some',
  path: `${TRANSFERS}/:transferId/receipts`,
  ...step,
  idempotency: 'required',
  body: TransferReceipt,
  replies: { 200: Transfer },
  problems: ['not_found', 'precondition_failed', 'invalid_transition'],
})

export const closeTransfer = route({
  operation: 'closeStockTransfer',
  summary: 'Nothing more will come: what is missing is lost',
  path: `${TRANSFERS}/:transferId/close`,
  ...step,
  replies: { 200: Transfer },
  problems: ['not_found', 'precondition_failed', 'invalid_transition'],
})

export const cancelTransfer = route({
  operation: 'cancelStockTransfer',
  summary: 'Drops a transfer that has not left',
  path: `${TRANSFERS}/:transferId/cancel`,
  ...step,
  replies: { 200: Transfer },
  problems: ['not_found', 'precondition_failed', 'invalid_transition'],
})

export const getStockReservation = route({
  operation: 'getStockReservation',
  summary: 'What is set aside for an order, in which warehouses, and why there',
  method: 'GET',
  path: '/api/v1/admin/stock-reservations/:reservation',
  ...readers,
  params: z.object({ reservation: z.string().min(1).max(200) }),
  replies: { 200: StockReservation },
  problems: ['not_found'],
})

export const listShortages = route({
  operation: 'listStockShortages',
  summary: 'Orders that were promised what a count did not find',
  method: 'GET',
  path: '/api/v1/admin/stock-shortages',
  ...readers,
  query: z.object(PageQuery),
  replies: { 200: page(Shortage) },
})

export const fillShortage = route({
  operation: 'fillStockShortage',
  summary: 'Promises an order its missing units again, from what has come in since',
  method: 'POST',
  path: `${ROW}/shortages/:reservation/fill`,
  ...writers,
  params: Row.extend({ reservation: z.string().min(1).max(200) }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.insufficient_stock'],
  idempotency: 'accepted',
})

export const inventoryRoutes = [
  getStock,
  setStock,
  adjustStock,
  countStock,
  disposeStock,
  changeStockSettings,
  listMovements,
  uploadStock,
  listWarehouses,
  createWarehouse,
  getWarehouse,
  editWarehouse,
  createTransfer,
  listTransfers,
  getTransfer,
  shipTransfer,
  receiveTransfer,
  closeTransfer,
  cancelTransfer,
  getStockReservation,
  listShortages,
  fillShortage,
] as const
