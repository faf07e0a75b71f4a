import { z } from 'zod'

export const Allocation = z.strictObject({
  offerId: z.string(),
  warehouseId: z.string(),
  quantity: z.int().min(1),
})
export type Allocation = Readonly<z.infer<typeof Allocation>>

export const StockLevel = z
  .strictObject({
    offerId: z.string(),
    warehouseId: z.string(),
    quantity: z.int().describe('On hand'),
    reserved: z.int().describe('Committed to orders, and held by live reservations'),
    available: z.int(),
    version: z.int(),
  })
  .meta({ id: 'StockLevel' })
export type StockLevel = Readonly<z.infer<typeof StockLevel>>
