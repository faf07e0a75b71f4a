import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createSearchEngine,
  DamagedIndexError,
  loadSearchEngine,
  type SearchChange,
  type SearchDocument,
  type SearchEngine,
} from './index.ts'
import { anyDocument } from './testing/catalogue.ts'
import { named, upserts } from './testing/documents.ts'

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'search-engine-'))
  try {
    work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const QUERIES = [{}, { text: 'sofa' }, { text: 'red leather' }, { sort: 'price' as const }]

function answersOf(engine: SearchEngine) {
  return QUERIES.map((query) => {
    const { hits, total } = engine.search({ ...query, limit: 100, facets: {} })
    return { total, ids: hits.map((hit) => hit.id) }
  })
}

const anyChange: fc.Arbitrary<SearchChange> = fc.oneof(
  { weight: 4, arbitrary: anyDocument.map((document) => ({ kind: 'upsert' as const, document })) },
  anyDocument.map(({ id }) => ({ kind: 'delete' as const, id })),
  fc.tuple(anyDocument, anyDocument).map(([{ id }, { prices, inStock, rating, popularity }]) => ({
    kind: 'patch' as const,
    id,
    patch: { prices, inStock, rating, popularity },
  })),
)

const anyLog = fc.array(fc.array(anyChange, { maxLength: 20 }), { maxLength: 12 })

/** What a log of changes comes to, by plain code. */
function replay(log: readonly (readonly SearchChange[])[]): readonly SearchDocument[] {
  const living = new Map<string, SearchDocument>()
  for (const change of log.flat()) {
    if (change.kind === 'upsert') {
      living.set(change.document.id, change.document)
    } else if (change.kind === 'delete') {
      living.delete(change.id)
    } else if (living.has(change.id)) {
      const { prices = [], ...rest } = change.patch
      const before = living.get(change.id)!
      const { inStock } = change.patch
      const kept = before.prices.map((price) => ({
        ...price,
        ...(inStock !== undefined && { inStock }),
      }))
      const next = prices.map((price) => ({ ...kept[0], ...price }))
      living.set(change.id, { ...before, ...rest, prices: next.length > 0 ? next : kept })
    }
  }
  return [...living.values()]
}

function apply(engine: SearchEngine, log: readonly (readonly SearchChange[])[]): void {
  log.forEach((changes, i) => {
    engine.apply(changes, String(i))
  })
}

test('any log of changes leaves the same index as its outcome indexed at once', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const engine = createSearchEngine({ relaxBelow: 0 })
      apply(engine, log)
      engine.merge()
      const fresh = createSearchEngine({ relaxBelow: 0 })
      fresh.apply(upserts(replay(log)))
      assert.deepEqual(answersOf(engine), answersOf(fresh))
      assert.deepEqual(
        [...engine.ids()],
        replay(log)
          .map((each) => each.id)
          .sort(),
      )
    }),
    { numRuns: 150 },
  )
})

test('merging changes no result set, sort or count', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const engine = createSearchEngine({ relaxBelow: 0 })
      apply(engine, log)
      const before = answersOf(engine).map(({ ids, total }) => ({ ids: ids.toSorted(), total }))
      engine.merge()
      const after = answersOf(engine).map(({ ids, total }) => ({ ids: ids.toSorted(), total }))
      assert.deepEqual(after, before)
      assert.equal(engine.figures().deleted, 0)
    }),
    { numRuns: 100 },
  )
})

test('changes made twice count once', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const [once, twice] = [createSearchEngine(), createSearchEngine()]
      apply(once, log)
      apply(
        twice,
        log.flatMap((changes) => [changes, changes]),
      )
      once.merge()
      twice.merge()
      assert.deepEqual(answersOf(twice), answersOf(once))
    }),
    { numRuns: 50 },
  )
})

test('a saved index comes back whole, with its cursor', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      inFolder((folder) => {
        const engine = createSearchEngine()
        apply(engine, log)
        engine.save(folder)
        const loaded = loadSearchEngine(folder)
        assert.equal(loaded.cursor(), engine.cursor())
        assert.deepEqual(answersOf(loaded), answersOf(engine))
      })
    }),
    { numRuns: 25 },
  )
})

test('saving again writes new prices but no words again, and leaves no other file', () => {
  inFolder((folder) => {
    const engine = createSearchEngine()
    const price = (amount: number) => [{ market: 'US', currency: 'USD', amount }]
    engine.apply(upserts([named('a', 'lamp', { prices: price(5) })]), '1')
    engine.save(folder)
    const words = readdirSync(folder).filter((name) => name.startsWith('words'))
    engine.apply([{ kind: 'patch', id: 'a', patch: { prices: price(7) } }], '2')
    engine.save(folder)
    const files = readdirSync(folder)
    assert.deepEqual(
      files.filter((name) => name.startsWith('words')),
      words,
    )
    assert.equal(files.length, 3)
    const loaded = loadSearchEngine(folder)
    assert.equal(loaded.search({ filters: { priceMin: 7, priceMax: 7 } }).total, 1)
    assert.equal(loaded.cursor(), '2')
  })
})

test('an empty folder gives an empty index without a cursor', () => {
  inFolder((folder) => {
    const engine = loadSearchEngine(folder)
    assert.equal(engine.cursor(), null)
    assert.equal(engine.search({}).total, 0)
  })
})

test('a file with one altered byte, cut short or gone is refused', () => {
  inFolder((folder) => {
    const engine = createSearchEngine()
    engine.apply(upserts([named('a', 'lamp'), named('b', 'red lamp')]), '1')
    engine.save(folder)
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      const whole = readFileSync(path)
      const altered = Buffer.from(whole)
      altered[altered.length >> 1]! ^= 1
      for (const bytes of [altered, whole.subarray(0, whole.length >> 1), Buffer.alloc(0)]) {
        writeFileSync(path, bytes)
        assert.throws(() => loadSearchEngine(folder), DamagedIndexError)
      }
      if (name !== 'manifest.json') {
        rmSync(path)
        assert.throws(() => loadSearchEngine(folder), DamagedIndexError)
      }
      writeFileSync(path, whole)
    }
    assert.equal(loadSearchEngine(folder).search({ text: 'lamp' }).total, 2)
  })
})

test('what changes while a merge runs beside is kept', async () => {
  const engine = createSearchEngine()
  for (let batch = 0; batch < 4; batch++) {
    engine.apply(upserts(Array.from({ length: 50 }, (_, i) => named(`p${batch}-${i}`, 'old lamp'))))
  }
  const merging = engine.mergeInBackground()
  engine.apply(upserts([named('p0-0', 'new sofa'), named('q', 'new sofa')]))
  engine.apply([{ kind: 'delete', id: 'p1-1' }])
  engine.apply([{ kind: 'patch', id: 'p2-2', patch: { inStock: false } }])
  assert.equal(engine.search({ text: 'lamp' }).total, 198)
  await merging
  assert.equal(engine.search({ text: 'lamp' }).total, 198)
  assert.equal(engine.search({ text: 'sofa' }).total, 2)
  assert.equal(engine.search({ filters: { inStock: true } }).total, 199)
  assert.equal(engine.figures().documents, 200)
})

test('a refused batch changes nothing', () => {
  const engine = createSearchEngine()
  engine.apply(upserts([named('a', 'lamp')]), '1')
  const bad = named('b', 'lamp', { prices: [{ market: 'US', currency: 'USD', amount: 1.5 }] })
  assert.throws(
    () =>
      engine.apply(
        [
          { kind: 'delete', id: 'a' },
          { kind: 'upsert', document: bad },
        ],
        '2',
      ),
    RangeError,
  )
  assert.equal(engine.search({ text: 'lamp' }).total, 1)
  assert.equal(engine.cursor(), '1')
})
