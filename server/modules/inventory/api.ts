import type { Allocation, StockLevel, Warehouse } from '#contracts/inventory/schemas.ts'

export type OfferQuantity = Readonly<{ offerId: string; quantity: number }>

export type Reservation = Readonly<{
  key: string
  allocations: readonly Allocation[]
  expiresAt: string
  /** Why these warehouses, in words. */
  explanation?: string
}>

/** A warehouse that goods of an order would leave, and when people work there. */
export type Departure = Readonly<
  Pick<Warehouse, 'country' | 'timezone' | 'cutOff' | 'workingDays' | 'closedOn'> & {
    warehouseId: string
    /** The day on which the last of the goods that are sold before they lie there is expected. */
    notBefore: string | null
  }
>

export type Destination = Readonly<{ country: string; postalCode: string; region?: string }>

/** What an import says of a warehouse; what it does not say stays as it is. */
export type ImportedWarehouse = Pick<
  Warehouse,
  | 'code'
  | 'name'
  | 'sellerId'
  | 'country'
  | 'region'
  | 'postalCode'
  | 'city'
  | 'latitude'
  | 'longitude'
  | 'timezone'
>

/** Every command is idempotent by its key; a repetition answers as the first did. */
export type InventoryApi = Readonly<{
  /** What can be sold of each offer, over all its warehouses; live holds are taken off. */
  available(input: {
    offerIds: readonly string[]
  }): Promise<{ offerId: string; available: number }[]>
  /**
   * Where goods would leave from if they were ordered now; nothing is held. What is not in stock is
   * left out; of nothing it is the nearest warehouse.
   */
  shipsFrom(input: {
    lines: readonly OfferQuantity[]
    destination: Destination
  }): Promise<readonly Departure[]>
  /**
   * Holds all lines or none for `ttlSeconds`; demand is summed per stock row first. Warehouses:
   * fewest parcels, then nearest.
   * @throws inventory.insufficient_stock with data.lines [{ offerId, requested, available }]
   */
  reserve(input: {
    key: string
    lines: readonly OfferQuantity[]
    destination: Destination
    ttlSeconds: number
  }): Promise<Reservation>
  /**
   * Makes a hold permanent until shipment. A hold that expired is taken again if stock allows.
   * @throws inventory.reservation_expired
   */
  commit(input: { key: string }): Promise<Reservation>
  /**
   * Frees a hold or a commitment (or, with `lines`, part of it). Unknown keys do no harm.
   * @param releaseKey with `lines`, the command's own key. Without it the same lines of the same
   * reservation are freed once.
   * @throws invalid_transition if `lines` ask for more than is still held.
   */
  release(input: {
    key: string
    reason: 'released' | 'cancelled'
    lines?: readonly OfferQuantity[]
    releaseKey?: string
  }): Promise<void>
  /**
   * Takes committed units out of stock: quantity and reserved fall together.
   * @param shipmentKey the command's own key; one reservation ships in several parts.
   * @param final a refusal is an answer too: the same shipmentKey hears it ever after, whatever came in since.
   * @throws invalid_transition if the reservation is not committed, or holds less than is shipped;
   * inventory.insufficient_stock if it was sold on back order and has not come in.
   */
  ship(input: {
    key: string
    shipmentKey: string
    lines: readonly Allocation[]
    final?: boolean
  }): Promise<void>
  /**
   * What the key holds now: less than at first if parts were released. `awaited` is what of a
   * commitment does not lie there for this key: it was sold on back order, or was not found.
   */
  getReservation(input: { key: string }): Promise<
    | (Reservation & {
        state: 'held' | 'committed' | 'released' | 'expired'
        awaited: readonly Allocation[]
      })
    | null
  >
  levels(input: { offerId: string }): Promise<StockLevel[]>
  /** What is on hand of many offers, by code of the warehouse; for exports. In no order. */
  levelsOf(input: {
    offerIds: readonly string[]
  }): Promise<{ offerId: string; warehouseCode: string; quantity: number }[]>
  /** @throws inventory.stock_changed, inventory.insufficient_stock, not_found */
  setLevel(input: {
    key: string
    offerId: string
    warehouseId: string
    quantity: number
    expected: number
    reason: string
  }): Promise<StockLevel>
  /** @throws inventory.insufficient_stock, not_found */
  adjust(input: {
    key: string
    offerId: string
    warehouseId: string
    delta: number
    reason: string
  }): Promise<StockLevel>
  /**
   * Takes back units that had been shipped: `quantity` can be sold again, `damaged` cannot.
   * @throws not_found for a warehouse that takes no stock
   */
  takeBack(input: {
    key: string
    offerId: string
    warehouseId: string
    quantity: number
    damaged: number
    reason: string
  }): Promise<StockLevel>
  /**
   * Sets levels in bulk (an import); the same levels again change nothing. Unknown codes are
   * returned. What is promised to orders cannot be imported away: such a level is set to what is
   * promised, and returned in `short`. `isNew` says that the offers are new, which spares a look.
   */
  importLevels(input: {
    key: string
    isNew?: boolean
    levels: readonly Readonly<{ offerId: string; warehouseCode: string; quantity: number }>[]
  }): Promise<{
    unknownWarehouses: string[]
    short?: Readonly<{ offerId: string; warehouseCode: string; quantity: number }>[]
  }>
  /** Creates or changes warehouses by code. */
  importWarehouses(input: { warehouses: readonly ImportedWarehouse[] }): Promise<void>
  warehouses(): Promise<Warehouse[]>
  /** Breaches of I1 and I4, in words; empty when all is well. */
  audit(): Promise<string[]>
}>
