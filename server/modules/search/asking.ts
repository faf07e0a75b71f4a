import { Problem } from '#contracts/kit/problem.ts'
import type { Log } from '../../platform/log.ts'
import type { CatalogApi } from '../catalog/index.ts'

/** What the index answers; null if it failed, which the log tells. @throws Problem */
export async function orNull<Answer>(answer: Promise<Answer>, log: Log): Promise<Answer | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Problem) throw error
    log.error({ error: String(error) }, 'the search index did not answer')
    return null
  }
}

export type Category = Awaited<ReturnType<CatalogApi['getCategory']>>

/** A category that is gone since is undefined. */
export function findCategory(catalog: CatalogApi, id: string): Promise<Category | undefined> {
  return catalog.getCategory({ idOrSlug: id }).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  })
}
