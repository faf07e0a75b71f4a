import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { CalendarDate, isTimeZone } from '../kit/page.ts'

export const Allocation = z.strictObject({
  offerId: z.string(),
  warehouseId: z.string(),
  quantity: z.int().min(1),
})
export type Allocation = Readonly<z.infer<typeof Allocation>>

/** Goods that are sold before they lie there: which kind of promise, and when they are expected. */
export const LaterStock = z
  .strictObject({
    kind: z.enum(['backorder', 'preorder']),
    availableOn: CalendarDate.nullable(),
  })
  .meta({ id: 'LaterStock' })
export type LaterStock = Readonly<z.infer<typeof LaterStock>>

export const StockLevel = z
  .strictObject({
    offerId: z.string(),
    warehouseId: z.string(),
    quantity: z.int().describe('On hand and fit to be sold'),
    reserved: z.int().describe('Committed to orders, and held by live reservations'),
    available: z.int().describe('What can still be sold, back orders included'),
    damaged: z.int().describe('Lies there and cannot be sold'),
    incoming: z.int().describe('On its way to the warehouse'),
    safety: z.int().describe('Kept back from sale'),
    reorderPoint: z.int().describe('At this many unreserved units `low_stock` is told; 0: never'),
    backorderCap: z.int().describe('How many may be sold that do not lie there'),
    later: LaterStock.nullable(),
    isLow: z.boolean(),
    version: z.int().describe('Rises with each change of the counters'),
    settingsVersion: z.int().describe('Rises with each change of the settings; for If-Match'),
  })
  .meta({ id: 'StockLevel' })
export type StockLevel = Readonly<z.infer<typeof StockLevel>>

export const StockSettings = z
  .strictObject({
    safety: z.int().min(0).max(100_000_000).optional(),
    reorderPoint: z.int().min(0).max(100_000_000).optional(),
    later: z
      .strictObject({
        kind: z.enum(['none', 'backorder', 'preorder']),
        cap: z.int().min(0).max(100_000_000).default(0),
        availableOn: CalendarDate.nullable().default(null),
      })
      .refine(({ kind, cap }) => (kind === 'none') === (cap === 0), {
        message: 'has a cap above 0 unless its kind is none',
      })
      .optional(),
  })
  .meta({ id: 'StockSettings' })
export type StockSettings = Readonly<z.output<typeof StockSettings>>

export const MOVEMENT_KINDS = [
  'set',
  'adjusted',
  'imported',
  'shipped',
  'count_correction',
  'damaged',
  'repaired',
  'written_off',
  'sent',
  'received',
  'returned',
] as const

export const StockMovement = z
  .strictObject({
    kind: z.enum(MOVEMENT_KINDS),
    delta: z.int().describe('Change of what is on hand'),
    damagedDelta: z.int(),
    reason: z.string(),
    command: z.string().describe('What caused it, such as a shipment'),
    createdAt: z.string(),
  })
  .meta({ id: 'StockMovement' })
export type StockMovement = Readonly<z.infer<typeof StockMovement>>

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time such as 14:30')
const warehouseFields = {
  name: z.string().min(1).max(200),
  sellerId: z.string().max(60).nullable(),
  country: CountryCode,
  region: z.string().max(100).nullable(),
  postalCode: z.string().min(1).max(20),
  city: z.string().min(1).max(100),
  address: z.string().max(300).nullable(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  timezone: z.string().refine(isTimeZone, 'is a time zone of the IANA, such as Europe/Berlin'),
  priority: z.int().min(0).max(1000).describe('Of equally near warehouses the lowest is taken'),
  cutOff: Time.nullable().describe("Orders until then, in the warehouse's time, go out that day"),
  workingDays: z.array(z.int().min(1).max(7)).min(1).max(7).describe('Monday is 1'),
  closedOn: z.array(CalendarDate).max(400).describe('Days without work'),
}

export const NewWarehouse = z
  .strictObject({
    ...warehouseFields,
    code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is up to 40 letters or digits'),
    sellerId: warehouseFields.sellerId.default(null),
    region: warehouseFields.region.default(null),
    address: warehouseFields.address.default(null),
    priority: warehouseFields.priority.default(100),
    cutOff: warehouseFields.cutOff.default(null),
    workingDays: warehouseFields.workingDays.default([1, 2, 3, 4, 5]),
    closedOn: warehouseFields.closedOn.default([]),
  })
  .meta({ id: 'NewWarehouse' })

export const WarehouseEdit = z
  .strictObject({
    ...warehouseFields,
    isActive: z.boolean().describe('An inactive one takes no stock; it must be empty'),
  })
  .partial()
  .meta({ id: 'WarehouseEdit' })

export const Warehouse = z
  .strictObject({
    ...warehouseFields,
    id: z.string(),
    code: z.string(),
    isActive: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Warehouse' })
export type Warehouse = Readonly<z.infer<typeof Warehouse>>

/** Far below what a counter of the table can hold, so that sums of many fit too. */
export const MAX_UNITS = 100_000_000

const TransferUnits = z.strictObject({
  offerId: z.string().max(60),
  quantity: z.int().min(1).max(MAX_UNITS),
})

export const NewTransfer = z
  .strictObject({
    fromWarehouseId: z.string().max(60).nullable().default(null).describe('Null: it is bought'),
    toWarehouseId: z.string().max(60),
    expectedOn: CalendarDate.nullable().default(null),
    reference: z.string().max(200).nullable().default(null),
    lines: z.array(TransferUnits).min(1).max(1000),
  })
  .meta({ id: 'NewStockTransfer' })
export type NewTransfer = Readonly<z.output<typeof NewTransfer>>

export const TRANSFER_STATES = ['created', 'shipped', 'received', 'closed', 'cancelled'] as const

export const Transfer = z
  .strictObject({
    id: z.string(),
    fromWarehouseId: z.string().nullable(),
    toWarehouseId: z.string(),
    state: z.enum(TRANSFER_STATES),
    expectedOn: z.string().nullable(),
    reference: z.string().nullable(),
    version: z.int(),
    createdAt: z.string(),
    lines: z.array(
      z.strictObject({
        offerId: z.string(),
        quantity: z.int(),
        shipped: z.int(),
        received: z.int(),
        lost: z.int(),
      }),
    ),
  })
  .meta({ id: 'StockTransfer' })
export type Transfer = Readonly<z.infer<typeof Transfer>>

export const TransferReceipt = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        offerId: z.string().max(60),
        quantity: z.int().min(1).max(MAX_UNITS),
        damaged: z.int().min(0).max(MAX_UNITS).default(0),
      }),
    )
    .min(1)
    .max(1000)
    .describe('What came, and how many of those are damaged'),
})

/** What is set aside for an order, and why from these warehouses. */
export const StockReservation = z
  .strictObject({
    key: z.string().describe("The order's id"),
    state: z.enum(['held', 'committed', 'released', 'expired']),
    expiresAt: z.string(),
    allocations: z.array(Allocation),
    awaited: z
      .array(Allocation)
      .describe('What of a commitment cannot leave: sold on back order, or not found by a count'),
    explanation: z.string().optional(),
  })
  .meta({ id: 'StockReservation' })

/** Somebody has to decide: an order was promised units that a count did not find. */
export const Shortage = z
  .strictObject({
    offerId: z.string(),
    warehouseId: z.string(),
    reservation: z.string().describe("The reservation's key: the order's id"),
    quantity: z.int(),
  })
  .meta({ id: 'StockShortage' })
export type Shortage = Readonly<z.infer<typeof Shortage>>

export const UploadResult = z
  .strictObject({
    rows: z.int(),
    written: z.int(),
    short: z.int().describe('Rows set higher than asked, because that much is promised to orders'),
    errors: z
      .array(z.strictObject({ row: z.int(), message: z.string() }))
      .describe('The first 1,000'),
    errorCount: z.int(),
  })
  .meta({ id: 'StockUploadResult' })
export type UploadResult = Readonly<z.infer<typeof UploadResult>>
