import type { Clock } from '../../../platform/clock.ts'
import { analyse } from '../engine/analysis/tokens.ts'
import type { PopularQuery } from '../engine/index.ts'
import { gatherKinds, type Kinds } from '../engine/kinds/kinds.ts'
import type { KindCategory, PathCount } from '../engine/kinds/lexicon.ts'
import { phrasesOf } from '../engine/kinds/phrases.ts'
import {
  brandEntry,
  categoryEntry,
  phraseEntry,
  queryEntry,
  sortEntries,
} from '../engine/suggest/entries.ts'
import { completeFrom, type Suggester } from '../engine/suggest/suggest.ts'
import type { OpenSearchClient } from './client.ts'
import { PART } from './mapping.ts'

export type DirectoryCategory = Readonly<{
  id: string
  name: string
  parent: string | null
  products: number
}>

/** What the index holds in the large: its categories, brands and values. Read now and then. */
export type Directory = Readonly<{
  category(id: string): DirectoryCategory | undefined
  /** Categories on the way to these, beside them, and one below: what a tree of them shows. */
  nearTo(ids: readonly string[]): readonly string[]
  /** What is known of kinds of things; of these words, under which categories their names are. */
  kindsFor(words: readonly string[]): Promise<Kinds>
}>

export type DirectoryKeeper = Readonly<{
  /** Read about a minute ago; at once, if one of these categories is not in it. */
  current(categoryIds?: readonly string[]): Promise<Directory>
  /** Gathers completions anew. */
  suggester(queries: readonly PopularQuery[]): Promise<Suggester>
  forget(): void
}>

type Bucket = Readonly<{ key: string; doc_count: number }>
type Buckets = Readonly<{ buckets: readonly Bucket[] }>

const LIFETIME_MS = 60_000
/** Reading it again for a category that nobody knows would serve whoever makes up categories. */
const LEAST_AGE_MS = 1_000
const MOST_STEPS = 20_000
const MOST_BRANDS = 20_000
const MOST_VALUES = 20_000
const MOST_PHRASES = 30_000
const LEAST_PHRASE_COUNT = 2
const SAMPLED_DOCUMENTS = 100_000
const MOST_PATHS = 200
const LONGEST_VALUE = 20

export function createDirectoryKeeper({
  client,
  target,
  clock,
}: Readonly<{
  client: OpenSearchClient
  target: () => string
  clock: Clock
}>): DirectoryKeeper {
  let known: Readonly<{ readAt: number; directory: Directory }> | undefined
  let reading: Promise<Directory> | undefined

  async function aggregate<Name extends string>(
    aggs: Readonly<Record<Name, object>>,
    query: object = ALL,
  ): Promise<Readonly<Record<Name, Buckets>>> {
    const answer = await client.call<{ aggregations: Record<Name, Buckets> }>({
      method: 'POST',
      path: `/${target()}/_search`,
      body: { size: 0, track_total_hits: false, query, aggs },
    })
    return answer.aggregations
  }

  async function namesWith(word: string): Promise<readonly PathCount[]> {
    const query = { term: { name: word } }
    const { paths } = await aggregate({ paths: termsOf('path', MOST_PATHS) }, query)
    return paths.buckets.map(({ key, doc_count: count }) => ({ path: key.split(PART), count }))
  }

  async function read(): Promise<Directory> {
    const { steps, brands, options } = await aggregate({
      steps: termsOf('steps', MOST_STEPS),
      brands: termsOf('brand', MOST_BRANDS),
      options: termsOf('options', MOST_VALUES),
    })
    return directoryOf({ steps, brands, options }, namesWith)
  }

  /** Reads it anew; who asks meanwhile has the one before. */
  function start(): Promise<Directory> {
    reading ??= read()
      .then((directory) => {
        known = { readAt: clock.monotonicMs(), directory }
        return directory
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  async function current(ids: readonly string[] = []): Promise<Directory> {
    if (!known) return start()
    const { readAt, directory } = known
    const ageMs = clock.monotonicMs() - readAt
    if (ageMs > LEAST_AGE_MS && !ids.every((id) => directory.category(id))) return start()
    // What fails here is tried again by the next who asks.
    if (ageMs > LIFETIME_MS) start().catch(() => {})
    return directory
  }

  return {
    current,
    forget() {
      known = undefined
    },
    async suggester(queries) {
      const sampled = { sampler: { shard_size: SAMPLED_DOCUMENTS } }
      const [{ brands, steps }, answer] = await Promise.all([
        aggregate({ steps: termsOf('steps', MOST_STEPS), brands: termsOf('brand', MOST_BRANDS) }),
        aggregate({
          sample: { ...sampled, aggs: { phrases: termsOf('phrases', MOST_PHRASES) } },
        }),
      ])
      const { phrases } = answer.sample as unknown as { phrases: Buckets }
      return completeFrom(
        sortEntries([
          ...queries.map(queryEntry),
          ...brands.buckets.map(({ key, doc_count: count }) => brandEntry(key, count)),
          ...categoriesOf(steps).map(({ id, name, products }) => categoryEntry(id, name, products)),
          ...bestPhrases(phrases).map(([text, count]) => phraseEntry(text, count)),
        ]),
      )
    },
  }
}

const ALL = { term: { active: true } }

function termsOf(field: string, size: number): object {
  return { terms: { field, size } }
}

function categoriesOf({ buckets }: Buckets): DirectoryCategory[] {
  const known = new Map<string, DirectoryCategory>()
  for (const { key, doc_count: count } of buckets) {
    const [parent = '', id = '', name = ''] = key.split(PART)
    const before = known.get(id)
    const products = count + (before?.products ?? 0)
    known.set(id, before ? { ...before, products } : { id, name, parent: parent || null, products })
  }
  return [...known.values()]
}

/** Of a phrase's singular and plural the more frequent one, with both counts. */
function bestPhrases({ buckets }: Buckets): (readonly [string, number])[] {
  const best = new Map<string, readonly [string, number]>()
  for (const { key, doc_count: count } of buckets) {
    if (count < LEAST_PHRASE_COUNT) continue
    const terms = analyse(key)
      .map(({ term }) => term)
      .join(' ')
    const before = best.get(terms)
    best.set(terms, [before?.[0] ?? key, count + (before?.[1] ?? 0)])
  }
  return [...best.values()]
}

function directoryOf(
  read: Readonly<Record<'steps' | 'brands' | 'options', Buckets>>,
  namesWith: (word: string) => Promise<readonly PathCount[]>,
): Directory {
  const categories = categoriesOf(read.steps)
  const byId = new Map(categories.map((category) => [category.id, category]))
  const byParent = Map.groupBy(categories, ({ parent }) => parent)
  const lexicon = {
    categories: categories.map(
      ({ id, name, parent, products }): KindCategory => ({
        id,
        parent,
        products,
        phrases: phrasesOf(name),
      }),
    ),
    brands: new Map(
      read.brands.buckets.map(({ key, doc_count: count }) => [termsIn(key), count] as const),
    ),
    values: valuesOf(read.options),
  }
  const paths = new Map<string, readonly PathCount[]>()
  const kinds = gatherKinds([{ ...lexicon, namesWith: (word) => paths.get(word) ?? [] }])
  return {
    category: (id) => byId.get(id),
    nearTo(ids) {
      const trail = new Set<string>()
      for (const id of ids) {
        for (let at = byId.get(id); at && !trail.has(at.id); at = byId.get(at.parent ?? '')) {
          trail.add(at.id)
        }
      }
      const below = [...trail].flatMap((parent) => byParent.get(parent) ?? [])
      return [...new Set([...trail, ...below.map(({ id }) => id)])]
    },
    async kindsFor(words) {
      const unknown = words.filter((word) => !paths.has(word))
      await Promise.all(unknown.map(async (word) => paths.set(word, await namesWith(word))))
      return kinds
    },
  }
}

function valuesOf({ buckets }: Buckets): Set<string> {
  const values = buckets.map(({ key }) => key.slice(key.indexOf(PART) + 1))
  return new Set(
    values.filter((value) => value.length <= LONGEST_VALUE && /^\p{L}+$/u.test(value)).map(termsIn),
  )
}

function termsIn(text: string): string {
  return analyse(text)
    .map(({ term }) => term)
    .join(' ')
}
