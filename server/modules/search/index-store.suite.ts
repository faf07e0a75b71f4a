import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { SearchDocument, SearchQuery } from './engine/index.ts'
import { assertFacets } from './engine/testing/assert-facets.ts'
import { anyDocument, anyFilters } from './engine/testing/catalogue.ts'
import { named } from './engine/testing/documents.ts'
import type { IndexStore, SearchIndex } from './port.ts'
import { FINDS, option, SHOP } from './testing/small-shop.ts'
import { describeTranslations } from './translations.suite.ts'

/** How a place for indexes is opened, by as many processes as one likes. */
export type StorePlace = Readonly<{ open(): Promise<IndexStore> }>

type Settings = Readonly<{
  /** A place where there is nothing yet. */
  freshPlace(): Promise<StorePlace>
  /** How many random catalogues are tried. */
  runs: number
}>

const MARKET = { market: 'US', currency: 'USD' }
/** What never ends, or grows with the square of the text, takes longer on any machine. */
const HOSTILE_MS = 30_000

function price(amount: number) {
  return [{ ...MARKET, amount }]
}

/** What every engine of search has to do, whatever it is. */
export function describeIndexStore(name: string, { freshPlace, runs }: Settings): void {
  const open: { close(): Promise<void> }[] = []
  after(async () => {
    for (const one of open.reverse()) await one.close()
  })

  async function openStore(place?: StorePlace): Promise<IndexStore> {
    const store = await (place ?? (await freshPlace())).open()
    open.push(store)
    return store
  }

  async function build(store: IndexStore, documents: readonly SearchDocument[], position = 1) {
    const index = await store.create(async () => true)
    open.push(index)
    await index.apply({ documents, gone: [], asOf: position })
    await index.finish({ position, eventId: `evt_${position}` })
    await index.refreshSuggestions([{ text: 'headset for gaming', count: 50 }])
    await store.adopt(index)
    return index
  }

  let kept: Promise<SearchIndex> | undefined
  /** One index of the shop for all tests that change nothing. */
  function shop(): Promise<SearchIndex> {
    kept ??= openStore().then((store) => build(store, SHOP))
    return kept
  }

  async function ask(query: SearchQuery) {
    return (await shop()).search({ market: MARKET, ...query })
  }

  describeWords(name, { ask, shop })
  describeTranslations(name, async (documents) => build(await openStore(), documents))
  describeOrder(name, { build: async (documents) => build(await openStore(), documents), ask })
  describeFacets(name, { build: async (documents) => build(await openStore(), documents), runs })
  describeChanges(name, { build: async (documents) => build(await openStore(), documents) })

  test(`${name}: what was kept is opened again where it stood, by another process too`, async () => {
    const place = await freshPlace()
    const store = await openStore(place)
    assert.equal(await store.open(), null)
    const index = await build(store, SHOP, 7)
    const cursor = { position: 9, eventId: 'evt_9' }
    await index.apply({ documents: [named('owl', 'Owl')], gone: ['tv'], asOf: 9, cursor })
    await index.keep({ merge: true })
    await index.close()
    await store.close()
    const again = await (await openStore(place)).open()
    assert.ok(again)
    open.push(again)
    assert.deepEqual(again.cursor(), cursor)
    assert.equal((await again.search({ text: 'owl' })).total, 1)
    assert.equal((await again.figures()).documents, SHOP.length)
    assert.equal(await again.apply({ documents: [named('owl', 'Owl')], gone: ['tv'], asOf: 9 }), 0)
  })

  test(`${name}: an index is built beside the one that serves, and takes its place`, async () => {
    const store = await openStore()
    const before = await build(store, [named('a', 'falcon')])
    const next = await store.create(async () => true)
    open.push(next)
    await next.apply({ documents: [named('b', 'eagle')], gone: [], asOf: 2 })
    assert.equal((await before.search({ text: 'falcon' })).total, 1)
    assert.equal((await before.search({ text: 'eagle' })).total, 0)
    await next.finish({ position: 2, eventId: 'evt_2' })
    const searched = Promise.all(Array.from({ length: 20 }, () => next.search({ text: 'eagle' })))
    await before.close()
    await store.adopt(next)
    for (const { total } of [...(await searched), await next.search({ text: 'eagle' })]) {
      assert.equal(total, 1)
    }
    assert.equal((await next.search({ text: 'falcon' })).total, 0)
    assert.ok(before.failure.aborted)
  })
}

type Asking = Readonly<{
  ask(query: SearchQuery): ReturnType<SearchIndex['search']>
  shop(): Promise<SearchIndex>
}>

function describeWords(name: string, { ask, shop }: Asking): void {
  const idsOf = async (text: string) => (await ask({ text })).hits.map(({ id }) => id)

  for (const [text, best] of FINDS) {
    test(`${name}: finds ${best} by ${JSON.stringify(text)}`, async () => {
      assert.equal((await idsOf(text))[0], best)
    })
  }

  test(`${name}: one letter is corrected from four letters on, two from eight, and it is told`, async () => {
    const one = await ask({ text: 'sfoa' })
    assert.deepEqual([one.hits[0]?.id, one.correctedQuery], ['sofa-red', 'sofa'])
    const two = await ask({ text: 'wireles hedphnes' })
    assert.deepEqual([two.hits[0]?.id, two.correctedQuery], ['headphones', 'wireless headphones'])
    assert.equal((await ask({ text: 'sxxa' })).total, 0)
    assert.equal((await ask({ text: 'stand' })).correctedQuery, null)
    assert.equal((await ask({ text: 'sfoa', correctTypos: false })).total, 0)
  })

  test(`${name}: a shop’s own synonyms come with the query`, async () => {
    const text = 'bezel'
    assert.equal((await ask({ text })).total, 0)
    const synonyms = [{ from: 'bezel', to: ['sofa'] }]
    assert.deepEqual(
      (await ask({ text, synonyms })).hits.map(({ id }) => id),
      ['sofa-red'],
    )
  })

  test(`${name}: identifiers and words with digits are never corrected`, async () => {
    for (const text of ['LE40B651', '4005808224327']) assert.equal((await ask({ text })).total, 0)
  })

  test(`${name}: words that find nothing together are let go of, and told`, async () => {
    const found = await ask({ text: 'wireless sofa qqqqq' })
    assert.ok(found.total > 0)
    assert.ok(found.droppedWords.includes('qqqqq'))
  })

  test(`${name}: completes from queries, names and a misspelt beginning`, async () => {
    const suggest = async (text: string) => (await shop()).suggest({ text, limit: 8 })
    const head = await suggest('head')
    assert.equal(head.completions[0], 'headset for gaming')
    assert.deepEqual(head.productIds.toSorted(), ['headphone', 'headphones'])
    assert.ok((await suggest('haed')).completions.length > 0)
    assert.deepEqual((await suggest('motorola sma')).productIds, ['phone'])
    assert.deepEqual((await suggest('  ')).completions, [])
  })

  test(`${name}: an explanation multiplies out to the score`, async () => {
    const { hits } = await ask({ text: 'wireless headphones', explain: true })
    assert.ok(hits.length > 0)
    for (const { explanation, score } of hits) {
      assert.ok(explanation)
      const { text, boosts, popularityAndRating, stock } = explanation
      const boost = Object.values(boosts).reduce((product, each) => product * each, 1)
      assert.ok(Math.abs(text * boost * popularityAndRating * stock - score) < 0.01)
    }
  })

  test(`${name}: any input is answered, fast, and what is out of bounds is refused`, async () => {
    const texts = [
      ...[
        '',
        ' ',
        'a',
        'the',
        'the of and',
        '"',
        '😀👩‍👩‍👧',
        'مرحبا بالعالم',
        'שלום',
        '笔记本电脑',
      ],
      ...["' OR 1=1 --", 'name:* AND NOT (x OR "y)~2^3', '/(a+)+$/', '%_\\', '\u0000\ud800'],
      ...['x'.repeat(5_000), 'sofa '.repeat(1_000), `${'a+'.repeat(500)}$`, '*'.repeat(500)],
    ]
    for (const text of texts) {
      const startedAt = performance.now()
      await ask({ text, facets: {} })
      await (await shop()).suggest({ text, limit: 8 })
      const tookMs = performance.now() - startedAt
      assert.ok(tookMs < HOSTILE_MS, `${text.slice(0, 20)} took ${tookMs} ms`)
    }
    const odd = { brands: ['"; drop'], attributes: [option('a.*|b', '(')].map(toFilter) }
    assert.equal((await ask({ filters: odd, facets: {} })).total, 0)
    assert.equal((await ask({ filters: { priceMin: 9, priceMax: 1 } })).total, 0)
    await assert.rejects(ask({ page: 501, limit: 20 }), RangeError)
    await assert.rejects(ask({ page: 0 }), RangeError)
  })
}

function toFilter({ name, value }: Readonly<{ name: string; value: string }>) {
  return { name, values: [value] }
}

type Building = Readonly<{ build(documents: readonly SearchDocument[]): Promise<SearchIndex> }>

function describeOrder(name: string, { build }: Building & Pick<Asking, 'ask'>): void {
  test(`${name}: every sort orders by its figure and breaks ties by id`, async () => {
    const index = await build([
      named('a', 'lamp', { prices: price(300), rating: 4, popularity: 1, createdAtMs: 1 }),
      named('b', 'lamp', { prices: price(100), rating: 5, popularity: 1, createdAtMs: 3 }),
      named('c', 'lamp', { prices: price(300), rating: 4, popularity: 9, createdAtMs: 2 }),
      named('d', 'lamp'),
    ])
    const sorted = async (sort: NonNullable<SearchQuery['sort']>) => {
      const { hits } = await index.search({ text: 'lamp', sort, market: MARKET })
      return hits.map((hit) => hit.id).join('')
    }
    assert.equal(await sorted('price'), 'bacd')
    assert.equal(await sorted('-price'), 'acbd')
    assert.equal(await sorted('rating'), 'bacd')
    assert.equal(await sorted('newest'), 'bcad')
    assert.equal(await sorted('popular'), 'cabd')
  })

  test(`${name}: what cannot be bought stands behind what can, and popularity counts gently`, async () => {
    const index = await build([
      named('a', 'lamp', { inStock: false, popularity: 50_000 }),
      named('b', 'lamp'),
      named('c', 'lamp', { popularity: 500, rating: 5, reviewCount: 100 }),
      named('d', 'lamp lamp with a shade', { popularity: 90_000 }),
    ])
    const ids = async (query: SearchQuery) =>
      (await index.search({ market: MARKET, ...query })).hits.map((hit) => hit.id)
    assert.deepEqual((await ids({ text: 'lamp' })).filter((id) => id !== 'd').join(''), 'cba')
    assert.equal((await ids({})).at(-1), 'a')
  })

  test(`${name}: the word that says what the thing is, is let go of last`, async () => {
    const filed = (id: string, words: string, category: string): SearchDocument => {
      const document = named(id, `${words} ${id}`, { categoryPath: [category.toLowerCase()] })
      return { ...document, fields: { ...document.fields, categoryNames: [category] } }
    }
    const some = (count: number, words: string, category: string) =>
      Array.from({ length: count }, (_, i) =>
        filed(`${words[0]}${category[0]}${i}`, words, category),
      )
    const index = await build([
      ...some(3, 'Gaming keyboard', 'Keyboards'),
      ...some(12, 'Wired keyboard', 'Keyboards'),
      ...some(8, 'Gaming mouse', 'Mice'),
    ])
    const found = await index.search({ text: 'gaming keyboard', market: MARKET })
    assert.deepEqual([found.droppedWords, found.total], [['gaming'], 15])
    assert.deepEqual(
      found.hits
        .slice(0, 3)
        .map(({ id }) => id)
        .sort(),
      ['GK0', 'GK1', 'GK2'],
    )
  })

  test(`${name}: pages follow one another without gap or repeat`, async () => {
    const documents = Array.from({ length: 300 }, (_, i) => named(`p${1000 + i}`, `lamp n${i % 7}`))
    const index = await build(documents)
    const seen: string[] = []
    for (let page = 1; page <= 6; page += 1) {
      const { hits } = await index.search({ text: 'lamp', page, limit: 50 })
      seen.push(...hits.map(({ id }) => id))
    }
    assert.equal(new Set(seen).size, 300)
  })

  test(`${name}: places go on through every order, past what has no price`, async () => {
    const documents = Array.from({ length: 40 }, (_, i) =>
      named(`p${100 + i}`, 'lamp', {
        prices: i % 4 === 0 ? [] : price(100 * (i % 5)),
        rating: i % 3,
        reviewCount: i % 7,
        createdAtMs: i % 9,
        popularity: i % 8,
      }),
    )
    const index = await build(documents)
    for (const sort of ['relevance', 'price', '-price', 'rating', 'newest', 'popular'] as const) {
      for (const text of ['lamp', '']) {
        const query = { text, sort, market: MARKET }
        const whole = await index.search({ ...query, limit: 40 })
        const seen: string[] = []
        for (let after: SearchQuery['after'], more = true; more; ) {
          const { hits, next } = await index.search({ ...query, limit: 7, ...(after && { after }) })
          seen.push(...hits.map(({ id }) => id))
          after = next ?? undefined
          more = after !== undefined
        }
        assert.deepEqual(
          seen,
          whole.hits.map(({ id }) => id),
        )
      }
    }
  })
}

function describeFacets(
  name: string,
  { build, runs }: Building & Readonly<{ runs: number }>,
): void {
  async function assertAll(documents: readonly SearchDocument[], filters: readonly unknown[]) {
    const index = await build(documents)
    for (const each of filters as Parameters<typeof assertFacets>[2][]) {
      const found = await index.search({ filters: each, facets: {}, limit: 100, market: MARKET })
      assertFacets(found, documents, each)
    }
    await index.close()
  }

  test(`${name}: matches and disjunctive facets equal a plain evaluation of every document`, async () => {
    const documents = fc.uniqueArray(anyDocument, { maxLength: 40, selector: ({ id }) => id })
    const filters = fc.array(anyFilters, { minLength: 8, maxLength: 8 })
    await fc.assert(fc.asyncProperty(documents, filters, assertAll), { numRuns: runs })
  })

  test(`${name}: so they do of thousands of documents`, async () => {
    const documents = fc
      .sample(anyDocument, { numRuns: 3_000, seed: 7 })
      .map((document, place) => ({ ...document, id: `p${10_000 + place}` }))
    await assertAll(documents, fc.sample(anyFilters, { numRuns: 25, seed: 7 }))
  })

  test(`${name}: a filter on two options needs one variant that has both`, async () => {
    const index = await build([
      named('both', 'x', { variants: [[option('colour', 'x'), option('size', 'y')]] }),
      named('apart', 'x', { variants: [[option('colour', 'x')], [option('size', 'y')]] }),
    ])
    const attributes = [option('colour', 'x'), option('size', 'y')].map(toFilter)
    const { hits } = await index.search({ filters: { attributes } })
    assert.deepEqual(
      hits.map((hit) => hit.id),
      ['both'],
    )
  })

  test(`${name}: what was chosen stays in sight, and what is near to it in the tree`, async () => {
    const filed = (id: string, path: readonly string[]) => {
      const { fields, ...rest } = named(id, 'thing', { categoryPath: path, brand: 'Acme' })
      return { ...rest, fields: { ...fields, categoryNames: path } }
    }
    const index = await build([filed('a', ['r', 'r1']), filed('b', ['r', 'r2']), filed('c', ['s'])])
    const filters = { brands: ['Nobody'], categories: ['r1'] }
    const { facets } = await index.search({ filters, facets: { categories: 1 } })
    assert.deepEqual(
      facets?.brands.find(({ value }) => value === 'Nobody'),
      { value: 'Nobody', count: 0, selected: true },
    )
    const parents = new Map(facets?.categories.map(({ value, parent }) => [value, parent]))
    assert.deepEqual([parents.get('r1'), parents.get('r2'), parents.get('r')], ['r', 'r', null])
  })
}

function describeChanges(name: string, { build }: Building): void {
  test(`${name}: a changed name, price and stock are found at once, and what is gone is not`, async () => {
    const lamp = named('a', 'lamp', { prices: price(500) })
    const index = await build([lamp, named('b', 'lamp')])
    const total = async (query: SearchQuery) =>
      (await index.search({ market: MARKET, ...query })).total
    const apply = (documents: readonly SearchDocument[], gone: readonly string[], asOf: number) =>
      index.apply({ documents, gone, asOf, cursor: { position: asOf, eventId: `evt_${asOf}` } })

    assert.equal(await apply([lamp], [], 2), 0)
    assert.equal(await apply([{ ...lamp, prices: price(100) }], [], 3), 1)
    assert.equal(await total({ filters: { priceMax: 200 } }), 1)
    assert.equal(await apply([{ ...lamp, inStock: false }], [], 4), 1)
    assert.equal(await total({ filters: { inStock: true } }), 1)
    assert.equal(await apply([named('a', 'zeppelin')], [], 5), 1)
    assert.deepEqual([await total({ text: 'zeppelin' }), await total({ text: 'lamp' })], [1, 1])
    assert.equal(await apply([], ['a', 'never'], 6), 1)
    assert.equal(await total({}), 1)
    assert.equal(await apply([lamp], [], 7), 1)
    assert.equal(await total({ text: 'lamp' }), 2)
    assert.deepEqual(index.cursor(), { position: 7, eventId: 'evt_7' })
  })

  test(`${name}: a sweep names what no batch has named`, async () => {
    const index = await build([named('a', 'lamp'), named('b', 'lamp')])
    await index.beginSweep()
    await index.apply({ documents: [named('b', 'lamp')], gone: [], asOf: 2 })
    assert.deepEqual(await index.endSweep(), ['a'])
  })
}
