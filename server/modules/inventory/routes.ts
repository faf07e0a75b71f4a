import * as routes from '#contracts/inventory/routes.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Binding, bind, type CallContext } from '../../platform/http/binding.ts'
import { readIfMatch, versionTag } from '../../platform/http/etag.ts'
import type { StockKeeping } from './admin.ts'
import type { InventoryApi } from './api.ts'

/** The command's key: the caller's, or one that no other call has. */
function keyOf({ idempotencyKey, requestId }: CallContext): string {
  return idempotencyKey ?? requestId
}

export function createRoutes(api: InventoryApi, keeping: StockKeeping): Binding[] {
  return [
    ...stockRoutes(api, keeping),
    ...warehouseRoutes(api, keeping),
    ...transferRoutes(keeping),
  ]
}

function stockRoutes(api: InventoryApi, keeping: StockKeeping): Binding[] {
  return [
    bind(routes.getStock, async ({ params: { offerId } }) => {
      const items = await api.levels({ offerId })
      if (items.length === 0) {
        throw generalProblem('not_found', { detail: `No warehouse has a level of ${offerId}` })
      }
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(routes.setStock, async ({ params, body }, context) => {
      return { status: 200, body: await api.setLevel({ key: keyOf(context), ...params, ...body }) }
    }),
    bind(routes.adjustStock, async ({ params, body }, context) => {
      return { status: 200, body: await api.adjust({ key: keyOf(context), ...params, ...body }) }
    }),
    bind(routes.countStock, async ({ params, body }, context) => {
      return { status: 200, body: await keeping.count({ key: keyOf(context), ...params, ...body }) }
    }),
    bind(routes.disposeStock, async ({ params, body }, context) => {
      const input = { key: keyOf(context), ...params, ...body }
      return { status: 200, body: await keeping.dispose(input) }
    }),
    bind(routes.changeStockSettings, async ({ params, body }, context) => {
      const expectedVersion = readIfMatch(context)
      const level = await keeping.changeSettings({ ...params, settings: body, expectedVersion })
      return { status: 200, body: level, headers: versionTag(level.settingsVersion) }
    }),
    bind(routes.listMovements, async ({ params, query }) => {
      return { status: 200, body: await keeping.movements({ ...params, ...query }) }
    }),
    bind(routes.uploadStock, async (_input, context) => {
      const bytes = context.upload
      if (!bytes) throw generalProblem('validation_failed', { detail: 'A file is expected' })
      return { status: 200, body: await keeping.upload({ key: keyOf(context), bytes }) }
    }),
    bind(routes.getStockReservation, async ({ params: { reservation } }) => {
      const found = await api.getReservation({ key: reservation })
      if (!found) throw generalProblem('not_found')
      const { allocations, awaited } = found
      return {
        status: 200,
        body: { ...found, allocations: [...allocations], awaited: [...awaited] },
      }
    }),
    bind(routes.listShortages, async ({ query }) => {
      return { status: 200, body: await keeping.shortages(query) }
    }),
    bind(routes.fillShortage, async ({ params }) => {
      return { status: 200, body: await keeping.fillShortage(params) }
    }),
  ]
}

function warehouseRoutes(api: InventoryApi, keeping: StockKeeping): Binding[] {
  return [
    bind(routes.listWarehouses, async () => {
      return { status: 200, body: { items: await api.warehouses(), nextCursor: null } }
    }),
    bind(routes.createWarehouse, async ({ body }) => {
      const made = await keeping.createWarehouse(body)
      return { status: 201, body: made, headers: versionTag(made.version) }
    }),
    bind(routes.getWarehouse, async ({ params }) => {
      const found = await keeping.warehouse({ id: params.warehouseId })
      return { status: 200, body: found, headers: versionTag(found.version) }
    }),
    bind(routes.editWarehouse, async ({ params, body }, context) => {
      const expectedVersion = readIfMatch(context)
      const id = params.warehouseId
      const changed = await keeping.editWarehouse({ id, edit: body, expectedVersion })
      return { status: 200, body: changed, headers: versionTag(changed.version) }
    }),
  ]
}

function transferRoutes(keeping: StockKeeping): Binding[] {
  const stepOf = (params: { transferId: string }, context: CallContext) => ({
    key: keyOf(context),
    transferId: params.transferId,
    expectedVersion: readIfMatch(context),
  })
  return [
    bind(routes.createTransfer, async ({ body }, context) => {
      const made = await keeping.createTransfer({ key: keyOf(context), transfer: body })
      return { status: 201, body: made, headers: versionTag(made.version) }
    }),
    bind(routes.listTransfers, async ({ query }) => {
      return { status: 200, body: await keeping.transfers(query) }
    }),
    bind(routes.getTransfer, async ({ params }) => {
      const found = await keeping.transfer(params)
      return { status: 200, body: found, headers: versionTag(found.version) }
    }),
    bind(routes.shipTransfer, async ({ params }, context) => {
      const after = await keeping.shipTransfer(stepOf(params, context))
      return { status: 200, body: after, headers: versionTag(after.version) }
    }),
    bind(routes.receiveTransfer, async ({ params, body }, context) => {
      const step = { ...stepOf(params, context), arrived: body.lines }
      const after = await keeping.receiveTransfer(step)
      return { status: 200, body: after, headers: versionTag(after.version) }
    }),
    bind(routes.closeTransfer, async ({ params }, context) => {
      const after = await keeping.closeTransfer(stepOf(params, context))
      return { status: 200, body: after, headers: versionTag(after.version) }
    }),
    bind(routes.cancelTransfer, async ({ params }, context) => {
      const after = await keeping.cancelTransfer(stepOf(params, context))
      return { status: 200, body: after, headers: versionTag(after.version) }
    }),
  ]
}
