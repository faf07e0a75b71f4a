import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSearchEngine, PRODUCT_SYNONYMS } from './index.ts'
import { anyDocument, anyFilters } from './testing/catalogue.ts'
import { upserts } from './testing/documents.ts'
import type { SearchDocument } from './types.ts'

const WORDS = ['sofa', 'lamp', 'rot', 'leder', 'kabel', 'handy', 'phone', 'schwarz']
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((each) => each.join(' '))
const translations = fc.uniqueArray(
  fc.record({ language: fc.constantFrom('de', 'es', 'fr'), name: words, description: words }),
  { maxLength: 3, selector: ({ language }) => language },
)
const text = fc
  .array(fc.constantFrom(...WORDS, 'sfoa', 'lampp', 'kable', 'usb', 'red table'), { maxLength: 3 })
  .map((each) => each.join(' '))

function engineOf(documents: readonly SearchDocument[]) {
  const engine = createSearchEngine({ synonyms: PRODUCT_SYNONYMS })
  engine.apply(upserts(documents))
  engine.merge()
  engine.refreshSuggestions([])
  return engine
}

test('whatever the translations, who asks in the shop’s own language has the same answers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyDocument, translations), { minLength: 1, maxLength: 40 }),
      fc.array(fc.record({ text, filters: anyFilters }), { minLength: 1, maxLength: 10 }),
      (sold, queries) => {
        const own = engineOf(sold.map(([document]) => document))
        const both = engineOf(
          sold.map(([document, each]) => ({
            ...document,
            fields: { ...document.fields, translations: each },
          })),
        )
        for (const { text, filters } of queries) {
          const query = { text, filters, facets: {} }
          assert.deepEqual(both.search(query), own.search(query))
          assert.deepEqual(both.suggest(text), own.suggest(text))
        }
      },
    ),
    { numRuns: 60 },
  )
})
