import { createSearchReader, type IndexNews, PRODUCT_SYNONYMS } from '../engine/index.ts'
import type { SearchIndex } from '../port.ts'

/** The calls that a reading thread answers. */
export type ReaderCalls = Pick<SearchIndex, 'search' | 'suggest'>

/** Counts of categories are counted anew after so many changes of the index. */
const CHANGES_PER_COUNT = 256

/** The far side of a reader. */
export function createIndexReader(): Readonly<{
  calls: ReaderCalls
  take: (news: IndexNews) => void
}> {
  const reader = createSearchReader({ synonyms: PRODUCT_SYNONYMS })
  const counts = new Map<string, number>()
  let changes = 0

  function countOf(id: string): number {
    const known = counts.get(id)
    if (known !== undefined) return known
    const { total } = reader.search({ filters: { categories: [id] }, limit: 0, facets: false })
    counts.set(id, total)
    return total
  }

  return {
    take(news) {
      reader.take(news)
      changes += 1
      if (news.suggestions || changes % CHANGES_PER_COUNT === 0) counts.clear()
    },
    calls: {
      search: async (query) => reader.search(query),
      async suggest({ text, ...wanted }) {
        const found = reader.suggest(text, wanted)
        return {
          completions: found.completions.map((completion) => completion.text),
          categories: found.categories.flatMap(({ id }) =>
            id === undefined ? [] : [{ id, count: countOf(id) }],
          ),
          productIds: found.productIds,
        }
      },
    },
  }
}
