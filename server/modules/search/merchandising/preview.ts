import type { ProductSummary } from '#contracts/catalog/schemas.ts'
import type { SearchRule } from '#contracts/search/schemas.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { CatalogApi } from '../../catalog/index.ts'
import type { SearchInput } from '../api.ts'
import type { Searcher } from '../searcher.ts'
import type { MerchandiseKeeper } from './keeper.ts'
import { isMetBy } from './model.ts'

type Deps = Readonly<{
  search: Searcher
  merchandise: MerchandiseKeeper
  catalog: CatalogApi
  clock: Clock
}>

/** What a rule would do to a search. */
export type RulePreview = Readonly<{
  matches: boolean
  redirect: string | null
  before: ProductSummary[]
  after: ProductSummary[]
}>

/** The search without and with a rule, whatever its window; all other rules hold as they do now. */
export async function previewRule(
  { search, merchandise, catalog, clock }: Deps,
  rule: SearchRule,
  input: SearchInput,
): Promise<RulePreview> {
  const chosen = input.category ? await catalog.getCategory({ idOrSlug: input.category }) : null
  const question = { text: input.q, categoryId: chosen?.id, at: clock.now() }
  const others = merchandise
    .current()
    .rulesFor(question)
    .filter(({ id }) => id !== rule.id)
  const matches = isMetBy(rule, question)
  const all = [...others, ...(matches ? [rule] : [])].toSorted((a, b) =>
    a.priority === b.priority ? (a.id < b.id ? -1 : 1) : b.priority - a.priority,
  )
  const [before, after] = await Promise.all([search(input, others), search(input, all)])
  return {
    matches,
    redirect: after.redirect ?? null,
    before: before.items,
    after: after.items,
  }
}
