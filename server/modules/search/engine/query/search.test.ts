import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createSearchEngine,
  type EngineOptions,
  type SearchEngine,
  type SearchPlace,
  type SearchQuery,
  type SearchResult,
} from '../index.ts'
import { named, upserts } from '../testing/documents.ts'

const SHOP = [
  named('tv', 'Samsung LE-40B650 television 40"'),
  named('tv55', 'Sony Bravia TV 55 inch'),
  named('stand', 'TV stand for 55 in screens'),
  named('pods', 'Apple AirPods Pro'),
  named('pods2', 'Generic air pods case'),
  named('sofa-red', 'Sofa', { variants: [[{ name: 'colour', value: 'red' }]], brand: 'Ikea' }),
  named('phone', 'Motorola Edge smartphone'),
  named('headphones', 'Wireless headphones'),
  named('headphone', 'Headphone stand'),
  named('drive', 'WD external hard drive 500GB'),
  named('sku', 'Thing', {
    fields: {
      name: 'Thing',
      categoryNames: [],
      identifiers: ['AB-1234', '4005808224326'],
      description: '',
      attributesText: '',
    },
  }),
]

function ask(query: SearchQuery, options: EngineOptions = {}) {
  const engine = createSearchEngine({ relaxBelow: 1, ...options })
  engine.apply(upserts(SHOP))
  return engine.search(query)
}

function idsOf(text: string, options: EngineOptions = {}): string[] {
  return ask({ text }, options).hits.map((hit) => hit.id)
}

const FINDS: readonly (readonly [text: string, best: string])[] = [
  ['le40b650', 'tv'],
  ['LE 40B650', 'tv'],
  ['le-40b650', 'tv'],
  ['tv 55"', 'tv55'],
  ['tv 55 in stand', 'stand'],
  ['airpods pro', 'pods'],
  ['air pods pro', 'pods'],
  ['headphone wireless', 'headphones'],
  ['500 gb drive', 'drive'],
  ['hard-drive', 'drive'],
  ['AB1234', 'sku'],
  ['4005808224326', 'sku'],
]

for (const [text, best] of FINDS) {
  test(`finds ${best} by ${JSON.stringify(text)}`, () => {
    assert.equal(idsOf(text)[0], best)
  })
}

test('one mistyped letter is corrected from four letters on, and told', () => {
  const found = ask({ text: 'sfoa' })
  assert.deepEqual(
    found.hits.map((hit) => hit.id),
    ['sofa-red'],
  )
  assert.equal(found.correctedQuery, 'sofa')
})

test('a swap of letters is one edit, also where the parts of the word exist', () => {
  const laptops = Array.from({ length: 4 }, (_, i) => named(`laptop-${i}`, `Laptop ${i}`))
  const engine = createSearchEngine({ relaxBelow: 1 })
  engine.apply(upserts([...laptops, named('lap', 'Lap desk'), named('tpo', 'TPO roofing')]))
  const found = engine.search({ text: 'laptpo' })
  assert.equal(found.correctedQuery, 'laptop')
  assert.equal(found.total, 4)
  assert.deepEqual(engine.suggest('laptpo').productIds.length, 4)
})

test('two words written as one are split where no word is as likely', () => {
  const banks = Array.from({ length: 4 }, (_, i) => named(`bank-${i}`, `Power bank ${i}`))
  const engine = createSearchEngine({ relaxBelow: 1 })
  engine.apply(upserts([...banks, named('band', 'Powerband')]))
  assert.equal(engine.search({ text: 'powerbank' }).correctedQuery, null)
  assert.equal(engine.search({ text: 'powerbank' }).total, 4)
})

test('of many products the best come first as soon as they become the best', () => {
  const engine = createSearchEngine()
  engine.apply(upserts(Array.from({ length: 200 }, (_, i) => named(`p${1000 + i}`, `Thing ${i}`))))
  assert.equal(engine.search({ limit: 1 }).hits[0]?.id, 'p1000')
  engine.apply([{ kind: 'patch', id: 'p1150', patch: { popularity: 90_000 } }])
  assert.equal(engine.search({ limit: 1 }).hits[0]?.id, 'p1150')
  engine.apply([{ kind: 'patch', id: 'p1150', patch: { popularity: 0 } }])
  assert.equal(engine.search({ limit: 1 }).hits[0]?.id, 'p1000')
})

test('two mistyped letters are corrected from eight letters on, keeping the plural', () => {
  const found = ask({ text: 'wireles hedphnes' })
  assert.equal(found.hits[0]?.id, 'headphones')
  assert.equal(found.correctedQuery, 'wireless headphones')
})

test('a word that exists is not corrected', () => {
  assert.equal(ask({ text: 'stand' }).correctedQuery, null)
})

test('identifiers and words with digits are never corrected', () => {
  assert.equal(ask({ text: 'LE40B651' }).total, 0)
  assert.equal(ask({ text: '4005808224327' }).total, 0)
  assert.equal(ask({ text: 'AB-1235' }, { relaxBelow: 0 }).total, 0)
})

test('the last word may be unfinished, if asked', () => {
  assert.equal(
    ask({ text: 'motorola sma', prefix: true, correctTypos: false }).hits[0]?.id,
    'phone',
  )
  const strict = ask({ text: 'motorola sma', correctTypos: false }, { relaxBelow: 0 })
  assert.equal(strict.total, 0)
})

test('synonyms find in both directions unless one-way', () => {
  const twoWay = [{ from: 'couch', to: ['sofa'] }]
  assert.deepEqual(idsOf('couch', { synonyms: twoWay }), ['sofa-red'])
  const reversed = [{ from: 'sofa', to: ['couch'] }]
  assert.deepEqual(idsOf('couch', { synonyms: reversed }), ['sofa-red'])
  const oneWay = [{ from: 'sofa', to: ['couch'], oneWay: true }]
  assert.deepEqual(idsOf('couch', { synonyms: oneWay }), [])
})

test('a query may bring synonyms of its own, which hold for it alone', () => {
  const synonyms = [{ from: 'couch', to: ['sofa'] }]
  const engine = createSearchEngine({ relaxBelow: 1 })
  engine.apply(upserts(SHOP))
  assert.equal(engine.search({ text: 'couch', synonyms }).hits[0]?.id, 'sofa-red')
  assert.equal(engine.search({ text: 'couch' }).total, 0)
})

test('a misspelt word finds by its synonyms too', () => {
  const synonyms = [{ from: 'television', to: ['bravia'] }]
  const { hits, correctedQuery } = ask({ text: 'televisoin' }, { synonyms })
  assert.equal(correctedQuery, 'television')
  assert.deepEqual(hits.map(({ id }) => id).sort(), ['tv', 'tv55'])
})

test('a synonym of several words stands for them all', () => {
  const synonyms = [{ from: 'cell phone', to: ['smartphone'] }]
  assert.deepEqual(idsOf('cell phone', { synonyms }), ['phone'])
})

test('words that find nothing together are let go of one by one, and told', () => {
  const found = ask({ text: 'wireless sofa qqqqq' })
  assert.ok(found.total > 0)
  assert.ok(found.droppedWords.includes('qqqqq'))
})

test('what cannot be bought stands behind what can', () => {
  const engine = createSearchEngine()
  engine.apply(upserts([named('a', 'lamp', { inStock: false }), named('b', 'lamp')]))
  assert.deepEqual(
    engine.search({ text: 'lamp' }).hits.map((hit) => hit.id),
    ['b', 'a'],
  )
  assert.deepEqual(
    engine.search({}).hits.map((hit) => hit.id),
    ['b', 'a'],
  )
})

test('every sort orders by its figure and breaks ties by id', () => {
  const engine = createSearchEngine()
  const price = (amount: number) => [{ market: 'US', currency: 'USD', amount }]
  engine.apply(
    upserts([
      named('a', 'lamp', { prices: price(300), rating: 4, popularity: 1, createdAtMs: 1 }),
      named('b', 'lamp', { prices: price(100), rating: 5, popularity: 1, createdAtMs: 3 }),
      named('c', 'lamp', { prices: price(300), rating: 4, popularity: 9, createdAtMs: 2 }),
      named('d', 'lamp'),
    ]),
  )
  const sorted = (sort: NonNullable<SearchQuery['sort']>): string =>
    engine
      .search({ text: 'lamp', sort })
      .hits.map((hit) => hit.id)
      .join('')
  assert.equal(sorted('price'), 'bacd')
  assert.equal(sorted('-price'), 'acbd')
  assert.equal(sorted('rating'), 'bacd')
  assert.equal(sorted('newest'), 'bcad')
  assert.equal(sorted('popular'), 'cabd')
})

test('pages follow one another without gap or repeat, past the reranked window too', () => {
  const engine = createSearchEngine()
  const documents = Array.from({ length: 500 }, (_, i) =>
    named(`p${1000 + i}`, `lamp number${i % 7}`),
  )
  engine.apply(upserts(documents))
  const seen = Array.from({ length: 10 }, (_, i) =>
    engine.search({ text: 'lamp', page: i + 1, limit: 50 }).hits.map((hit) => hit.id),
  ).flat()
  assert.equal(new Set(seen).size, 500)
})

/** Follows `next` to the end; `between` may change the index from page to page. */
function follow(
  engine: SearchEngine,
  query: SearchQuery,
  between: (page: number) => void,
): string[] {
  const ids: string[] = []
  let after: SearchPlace | null = null
  for (let page = 0; page === 0 || after !== null; page++) {
    const found: SearchResult = engine.search({ ...query, ...(after && { after }) })
    ids.push(...found.hits.map((hit) => hit.id))
    after = found.next ?? null
    between(page)
  }
  return ids
}

const CONTINUED: readonly SearchQuery[] = [
  { text: 'lamp', limit: 37 },
  { text: 'lamp number3', limit: 10 },
  { limit: 50 },
  { sort: 'price', limit: 41 },
  { text: 'lamp', sort: 'newest', limit: 64 },
]

for (const query of CONTINUED) {
  test(`places lead through all hits in the order of pages: ${JSON.stringify(query)}`, () => {
    const engine = createSearchEngine({ relaxBelow: 0 })
    for (let batch = 0; batch < 4; batch++) {
      const documents = Array.from({ length: 130 }, (_, i) =>
        named(`p${1000 + i * 4 + batch}`, `lamp number${i % 7} ${i % 3 === 0 ? 'lamp' : 'red'}`, {
          createdAtMs: i % 50,
          prices: i % 5 === 0 ? [] : [{ market: 'US', currency: 'USD', amount: i % 40 }],
        }),
      )
      engine.apply(upserts(documents))
    }
    const paged = Array.from({ length: Math.ceil(520 / query.limit!) }, (_, i) =>
      engine.search({ ...query, page: i + 1 }).hits.map((hit) => hit.id),
    ).flat()
    assert.deepEqual(
      follow(engine, query, () => {}),
      paged,
    )
    const gone = paged.slice(0, 5)
    const changed = follow(engine, query, (page) => {
      if (page === 0) engine.apply(gone.map((id) => ({ kind: 'delete' as const, id })))
    })
    assert.deepEqual(changed.toSorted(), paged.toSorted(), 'no gap and no repeat when others go')
  })
}

test('an explanation multiplies out to the score', () => {
  for (const hit of ask({ text: 'wireless headphones', explain: true }).hits) {
    const { text, boosts, popularityAndRating, stock } = hit.explanation!
    const boost = Object.values(boosts).reduce((product, each) => product * each, 1)
    assert.ok(Math.abs(text * boost * popularityAndRating * stock - hit.score) < 0.01)
  }
})

test('odd input is answered, and what is out of bounds is refused', () => {
  const texts = [
    '',
    ' ',
    'a',
    'the',
    '"',
    '😀',
    'عربي',
    "' OR 1=1 --",
    'a:b AND (c',
    '(a+)+$',
    '%',
    '\u0000',
  ]
  for (const text of [...texts, 'x '.repeat(2_500), 'y'.repeat(5_000)]) {
    assert.doesNotThrow(() => ask({ text, prefix: true, facets: {} }))
  }
  assert.throws(() => ask({ page: 10_000, limit: 20 }), RangeError)
  assert.throws(() => ask({ page: 0 }), RangeError)
})
