import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'

const { catalog, platform, stock } = await testCatalog()
const { importer, api } = catalog

test('an imported row can be read as a product, by id and by slug', async () => {
  const report = await importer.importProducts({
    ...jsonl([productRow('a1', { attributes: { Zoom: '3x', Weight: { value: 1, unit: 'kg' } } })]),
    format: 'jsonl',
    key: 'first',
  })
  assert.deepEqual([report.products, report.changed, report.errors], [1, 1, 0])
  const [document] = await api.listForIndex({ after: null, limit: 10 })
  const market = { currency: 'EUR', country: 'US' }
  const byId = await api.getProduct({ idOrSlug: document?.productId ?? '', ...market })
  assert.equal(byId.variants[0]?.price.amount, 17_910)
  assert.deepEqual(
    byId.attributes.map(({ name }) => name),
    ['Zoom', 'Weight'],
  )
  assert.deepEqual(await api.getProduct({ idOrSlug: byId.slug, ...market }), byId)
})
