import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock } from '../../../../tests/support/platform.ts'
import { jittered } from '../lifetimes.ts'
import { createDocumentCache, type ProductDocument } from './document-cache.ts'

const MARKET = { currency: 'USD', country: 'US' }
const ID = 'prd_00000000000000000000000001'
const OTHER = 'prd_00000000000000000000000002'

function setUp({ maxBytes = 1_000_000 } = {}) {
  const clock = testClock()
  const asked: string[] = []
  let version = 1
  const gates: (() => void)[] = []
  let gated = false
  const cache = createDocumentCache({
    clock,
    maxBytes,
    async load({ reference }) {
      asked.push(reference)
      const body = Buffer.from(`version ${version}`)
      if (gated) await new Promise<void>((open) => gates.push(open))
      if (reference === 'nothing') return null
      const productId = reference.startsWith('prd_') ? reference : ID
      const expiresAtMs = clock.monotonicMs() + 1_000
      return {
        productId,
        body,
        etag: '"e"',
        locales: [],
        summary: null,
        expiresAtMs,
        asOf: 0,
      } satisfies ProductDocument
    },
  })
  const get = async (reference: string) =>
    (await cache.get({ reference, ...MARKET }))?.body.toString()
  return {
    cache,
    clock,
    asked,
    get,
    change: () => {
      version += 1
    },
    hold: () => {
      gated = true
    },
    open: () => {
      gated = false
      for (const gate of gates.splice(0)) gate()
    },
  }
}

test('many who ask at once have one load between them, and later ones none', async () => {
  const { get, asked } = setUp()
  await Promise.all(Array.from({ length: 5_000 }, () => get(ID)))
  await get(ID)
  assert.deepEqual(asked, [ID])
})

test('a slug leads to the same document as the id', async () => {
  const { get, asked, cache } = setUp()
  await get('old-slug')
  await get('old-slug')
  await get(ID)
  assert.deepEqual(asked, ['old-slug'])
  assert.equal(cache.size(), 1)
})

test('a dropped product is read again, others are not', async () => {
  const { get, asked, cache, change } = setUp()
  await get(ID)
  await get(OTHER)
  change()
  cache.drop([ID])
  assert.equal(await get(ID), 'version 2')
  assert.equal(await get(OTHER), 'version 1')
  assert.equal(asked.length, 3)
})

test('what was read before a change is not kept after it', async () => {
  const { get, cache, change, hold, open } = setUp()
  hold()
  const before = get(ID)
  change()
  cache.drop([ID])
  const after = get(ID)
  open()
  assert.deepEqual(await Promise.all([before, after]), ['version 1', 'version 2'])
  assert.equal(await get(ID), 'version 2')
})

test('a second change during a load that was already stale keeps it out as well', async () => {
  const { get, cache, change, hold, open } = setUp()
  hold()
  const first = get('a-slug')
  cache.drop([OTHER])
  change()
  cache.drop([ID])
  open()
  await first
  assert.equal(await get(ID), 'version 2')
})

test('that a product is missing is remembered for a while, and forgotten when one comes', async () => {
  const { get, asked, cache, clock } = setUp()
  await get('nothing')
  await get('nothing')
  assert.equal(asked.length, 1)
  clock.advance(31_000)
  await get('nothing')
  assert.equal(asked.length, 2)
  cache.drop([OTHER])
  await get('nothing')
  assert.equal(asked.length, 3)
})

test('a document is not given out after its time', async () => {
  const { get, asked, clock } = setUp()
  await get(ID)
  clock.advance(1_001)
  await get(ID)
  assert.equal(asked.length, 2)
})

test('the cache stays within its bytes, and the least used goes first', async () => {
  const { get, asked, cache, clock } = setUp({ maxBytes: 4_000 })
  await get(ID)
  await get(OTHER)
  clock.advance(500)
  await get(ID)
  await get('prd_00000000000000000000000003')
  assert.ok(cache.bytes() <= 4_000)
  await get(ID)
  assert.equal(asked.length, 3)
  await get(OTHER)
  assert.equal(asked.length, 4)
})

test('what is in memory is seen at once, by id and slug; what is not, expired or dropped is not', async () => {
  const { get, asked, cache, clock } = setUp()
  const peek = (reference: string) => cache.peek({ reference, ...MARKET })?.body.toString()
  assert.equal(peek(ID), undefined)
  assert.equal(asked.length, 0, 'a look loads nothing')
  await get('a-slug')
  assert.equal(peek('a-slug'), 'version 1')
  assert.equal(peek(ID), 'version 1')
  cache.drop([ID])
  assert.equal(peek('a-slug'), undefined)
  await get(ID)
  clock.advance(1_001)
  assert.equal(peek(ID), undefined)
})

test('lifetimes are spread, and never above their bound', () => {
  assert.equal(jittered(1_000, 255), 1_000)
  assert.equal(jittered(1_000, 0), 750)
})
