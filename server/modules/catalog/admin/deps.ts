import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { MediaApi } from '../../media/index.ts'
import type { PricingApi } from '../../pricing/index.ts'
import type { CategoryTree, TreeNode } from '../category-tree.ts'

export type AdminDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  pricing: PricingApi
  categories: CategoryTree
  media: MediaApi
}>

/** Who asks, and which version he saw; any, if that is undefined. */
export type Command<T> = Readonly<{ actor: string; expectedVersion?: number | undefined }> & T

/** A record's shard, and its id again: the key by which it is read. @throws not_found */
export function keyOf(prefix: 'prd' | 'var' | 'off', id: string): [shard: number, id: string] {
  if (!id.startsWith(`${prefix}_`) || !/_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id))
    throw generalProblem('not_found')
  return [shardOf(id), id]
}

/** @throws validation_failed if there are any. */
export function refuseFaults(errors: readonly { path: string; message: string }[]): void {
  const [first] = errors
  if (!first) return
  const detail = `${first.path} ${first.message}`
  throw generalProblem('validation_failed', { detail, errors: errors.slice(0, 100) })
}

/** The category that a product is to be filed in. @throws validation_failed if there is none. */
export async function categoryOf(
  categories: CategoryTree,
  categoryId: string,
  at: string,
): Promise<TreeNode> {
  const node = await categories.find(categoryId)
  if (node?.ref.id === categoryId) return node
  throw generalProblem('validation_failed', {
    errors: [{ path: at, message: `is no category: ${categoryId}` }],
  })
}
