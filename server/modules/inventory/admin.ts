import type {
  NewTransfer,
  Shortage,
  StockLevel,
  StockMovement,
  StockSettings,
  Transfer,
  UploadResult,
  Warehouse,
} from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts'
import type { InventoryApi } from './api.ts'
import { countStock, fillShortage } from './flows/count.ts'
import { changeSettings, type Disposition, disposeStock } from './flows/keep-stock.ts'
import {
  type ArrivedUnits,
  cancelTransfer,
  closeTransfer,
  createTransfer,
  receiveTransfer,
  shipTransfer,
} from './flows/transfer.ts'
import { rowKey } from './model.ts'
import { listMovements, listShortages } from './shortages-repository.ts'
import type { InventoryDeps } from './stock.ts'
import { findTransfer, listTransfers } from './transfers-repository.ts'
import { uploadLevels } from './upload.ts'
import { createWarehouse, editWarehouse, getWarehouse } from './warehouses.ts'

type Page<T> = Readonly<{ items: T[]; nextCursor: string | null }>
type PageQuery = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

/** What operators do with stock, beside what other modules ask for. */
export type StockKeeping = ReturnType<typeof createStockKeeping>

const PAGE = 50

/** One page of a list that was read one item too far. */
function pageOf<Item, Told>(
  items: readonly Item[],
  limit: number,
  { told, place }: Readonly<{ told(item: Item): Told; place(item: Item): (string | number)[] }>,
): Page<Told> {
  const last = items.length > limit ? items[limit - 1] : undefined
  return {
    items: items.slice(0, limit).map(told),
    nextCursor: last === undefined ? null : encodeCursor(place(last)),
  }
}

export function createStockKeeping(
  deps: InventoryDeps,
  api: Pick<InventoryApi, 'importLevels' | 'warehouses'>,
) {
  const { db } = deps
  return {
    count: (input: Parameters<typeof countStock>[1]): Promise<StockLevel> =>
      countStock(deps, input),
    dispose: (input: Disposition): Promise<StockLevel> => disposeStock(deps, input),
    changeSettings: (input: {
      offerId: string
      warehouseId: string
      settings: StockSettings
      expectedVersion: number | undefined
    }): Promise<StockLevel> => changeSettings(deps, input),
    fillShortage: (input: Parameters<typeof fillShortage>[1]): Promise<StockLevel> =>
      fillShortage(deps, input),
    upload: (input: { key: string; bytes: AsyncIterable<Uint8Array> }): Promise<UploadResult> =>
      uploadLevels(api, input),

    async movements({
      offerId,
      warehouseId,
      cursor,
      limit = PAGE,
    }: PageQuery & { offerId: string; warehouseId: string }): Promise<Page<StockMovement>> {
      const [at, command] = cursor ? (decodeCursor(cursor, ['string', 'string']) as string[]) : []
      const after = at && command && isMoment(at) ? { at, command } : undefined
      const rows = await listMovements(db, rowKey(offerId, warehouseId), after, limit + 1)
      return pageOf(rows, limit, {
        told: ({ at: _, ...movement }) => movement,
        place: (row) => [row.at, row.command],
      })
    },
    async shortages({ cursor, limit = PAGE }: PageQuery): Promise<Page<Shortage>> {
      const [offerId, warehouseId, reservation] = cursor
        ? (decodeCursor(cursor, ['string', 'string', 'string']) as [string, string, string])
        : []
      const after =
        offerId === undefined || warehouseId === undefined || reservation === undefined
          ? undefined
          : { offerId, warehouseId, reservation }
      return pageOf(await listShortages(db, after, limit + 1), limit, {
        told: (row) => row,
        place: (row) => [row.offerId, row.warehouseId, row.reservation],
      })
    },

    createTransfer: (input: { key: string; transfer: NewTransfer }): Promise<Transfer> =>
      createTransfer(deps, input),
    shipTransfer: (step: Parameters<typeof shipTransfer>[1]) => shipTransfer(deps, step),
    receiveTransfer: (
      step: Parameters<typeof shipTransfer>[1] & { arrived: readonly ArrivedUnits[] },
    ) => receiveTransfer(deps, step),
    closeTransfer: (step: Parameters<typeof shipTransfer>[1]) => closeTransfer(deps, step),
    cancelTransfer: (step: Parameters<typeof shipTransfer>[1]) => cancelTransfer(deps, step),
    async transfer({ transferId }: { transferId: string }): Promise<Transfer> {
      const found = await findTransfer(db, transferId)
      if (!found) throw generalProblem('not_found')
      return found
    },
    async transfers({ cursor, limit = PAGE }: PageQuery): Promise<Page<Transfer>> {
      const [before] = cursor ? (decodeCursor(cursor, ['string']) as [string]) : []
      return pageOf(await listTransfers(db, before, limit + 1), limit, {
        told: (transfer) => transfer,
        place: (transfer) => [transfer.id],
      })
    },

    createWarehouse: (input: Parameters<typeof createWarehouse>[1]): Promise<Warehouse> =>
      createWarehouse(deps, input),
    warehouse: ({ id }: { id: string }): Promise<Warehouse> => getWarehouse(deps, id),
    editWarehouse: (input: Parameters<typeof editWarehouse>[1]): Promise<Warehouse> =>
      editWarehouse(deps, input),
  }
}

/** Whether PostgreSQL would read the text of a cursor as a moment. */
function isMoment(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/.test(text)
}
