import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Warehouse } from '#contracts/inventory/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { expectVersion } from '../../platform/http/etag.ts'
import { type InventoryDeps, inTransaction } from './stock.ts'
import { isWarehouseUsed, lockWarehouse, writeWarehouse } from './warehouses-repository.ts'

/** Opens a warehouse. @throws inventory.duplicate if its code is taken. */
export async function createWarehouse(
  deps: InventoryDeps,
  input: Omit<Warehouse, 'id' | 'isActive' | 'version'>,
): Promise<Warehouse> {
  for (const { code } of (await deps.directory.refresh()).values())
    if (code === input.code) throw inventoryProblem('inventory.duplicate')
  const id = deps.ids.make('wh')
  const made = await inTransaction(deps, (tx) =>
    writeWarehouse(tx, { ...input, id, isActive: true, version: 1 }),
  )
  await deps.directory.refresh()
  return made
}

export async function getWarehouse(deps: InventoryDeps, id: string): Promise<Warehouse> {
  const found = (await deps.directory.refresh()).get(id)
  if (!found) throw generalProblem('not_found')
  return found
}

/**
 * Changes a warehouse. One that is not empty cannot be closed.
 * @throws not_found, precondition_failed, inventory.warehouse_in_use
 */
export async function editWarehouse(
  deps: InventoryDeps,
  {
    id,
    edit,
    expectedVersion,
  }: Readonly<{
    id: string
    edit: { [Field in keyof Warehouse]?: Warehouse[Field] | undefined }
    expectedVersion: number | undefined
  }>,
): Promise<Warehouse> {
  const written = await inTransaction(deps, async (tx) => {
    const current = await lockWarehouse(tx, id)
    if (!current) throw generalProblem('not_found')
    expectVersion(expectedVersion, current.version)
    if (edit.isActive === false && current.isActive && (await isWarehouseUsed(tx, id))) {
      throw inventoryProblem('inventory.warehouse_in_use')
    }
    const given = Object.entries(edit).filter(([, value]) => value !== undefined)
    const next = { ...current, ...Object.fromEntries(given), version: current.version + 1 }
    return writeWarehouse(tx, next as Warehouse)
  })
  await deps.directory.refresh()
  return written
}
