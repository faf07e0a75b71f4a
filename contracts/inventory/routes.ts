import { z } from 'zod'
import { route } from '../kit/route.ts'
import { StockLevel } from './schemas.ts'

export const getStock = route({
  operation: 'getStock',
  summary: 'Stock levels of an offer, warehouse by warehouse',
  method: 'GET',
  path: '/api/v1/admin/stock/:offerId',
  access: ['operator'],
  traffic: 'admin',
  params: z.object({ offerId: z.string().max(60) }),
  replies: { 200: z.strictObject({ items: z.array(StockLevel), nextCursor: z.null() }) },
  problems: ['not_found'],
})

export const setStock = route({
  operation: 'setStock',
  summary: 'Sets what is on hand, if it still is what the caller saw',
  method: 'PUT',
  path: '/api/v1/admin/stock/:offerId/:warehouseId',
  access: ['operator'],
  traffic: 'admin',
  params: z.object({ offerId: z.string().max(60), warehouseId: z.string().max(60) }),
  body: z.strictObject({
    quantity: z.int().min(0).max(100_000_000),
    expected: z.int().min(0).describe('The quantity that the caller saw; a blind set is refused'),
    reason: z.string().max(200),
  }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.stock_changed', 'inventory.insufficient_stock'],
  idempotency: 'accepted',
})

export const adjustStock = route({
  operation: 'adjustStock',
  summary: 'Adds to or takes from what is on hand',
  method: 'POST',
  path: '/api/v1/admin/stock/:offerId/:warehouseId/adjustments',
  access: ['operator'],
  traffic: 'admin',
  params: z.object({ offerId: z.string().max(60), warehouseId: z.string().max(60) }),
  body: z.strictObject({
    delta: z.int().min(-100_000_000).max(100_000_000),
    reason: z.string().max(200),
  }),
  replies: { 200: StockLevel },
  problems: ['not_found', 'inventory.insufficient_stock'],
  idempotency: 'required',
})

export const inventoryRoutes = [getStock, setStock, adjustStock] as const
