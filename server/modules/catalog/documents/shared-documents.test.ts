import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock } from '../../../../tests/support/platform.ts'
import { type NewValue, noSharedCache } from '../../../platform/cache/shared-cache.ts'
import type { ProductDocument } from './document-cache.ts'
import { shareDocuments } from './shared-documents.ts'

const MARKET = { currency: 'USD', country: 'US' }
const ID = 'prd_00000000000000000000000001'

function setUp() {
  const clock = testClock()
  const kept = new Map<string, NewValue>()
  const loaded: string[] = []
  const state = { position: 100, hits: 0 }
  const document: ProductDocument = {
    productId: ID,
    body: Buffer.from('{"name":"Café"}'),
    etag: '"e"',
    locales: ['de'],
    summary: null,
    expiresAtMs: clock.monotonicMs() + 60_000,
    asOf: 98,
  }
  const load = shareDocuments({
    clock,
    position: () => state.position,
    onHit: () => {
      state.hits += 1
    },
    cache: {
      ...noSharedCache,
      isUp: () => true,
      get: async ({ group, name }) => kept.get(`${group} ${name}`),
      set(value) {
        kept.set(`${value.group} ${value.name}`, value)
      },
    },
    async load({ reference }) {
      loaded.push(reference)
      return reference.startsWith('no-') ? null : document
    },
  })
  return { load, kept, loaded, state, document }
}

test('a document comes back as it was put in, with its own position and life', async () => {
  const { load, loaded, state, document, kept } = setUp()
  await load({ reference: ID, ...MARKET })
  assert.deepEqual(await load({ reference: ID, ...MARKET }), document)
  assert.deepEqual(loaded, [ID])
  assert.equal(state.hits, 1)
  assert.deepEqual(
    [...kept.values()].map(({ asOf }) => asOf),
    [98],
  )
})

test('a slug leads to the product’s document, which each market has of its own', async () => {
  const { load, loaded } = setUp()
  await load({ reference: 'a-slug', ...MARKET })
  await load({ reference: 'a-slug', ...MARKET })
  await load({ reference: ID, ...MARKET })
  assert.deepEqual(loaded, ['a-slug'])
  await load({ reference: 'a-slug', currency: 'EUR', country: 'DE' })
  assert.deepEqual(loaded, ['a-slug', 'a-slug'])
})

test('that there is no such product is believed until anything happens', async () => {
  const { load, loaded, state } = setUp()
  for (let n = 0; n < 3; n += 1) assert.equal(await load({ reference: 'no-such', ...MARKET }), null)
  assert.equal(loaded.length, 1)
  state.position += 1
  await load({ reference: 'no-such', ...MARKET })
  assert.equal(loaded.length, 2)
})
