import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import { readWords } from '../engine/analysis/languages.ts'
import type { EngineFigures, SearchQuery } from '../engine/index.ts'
import { planQuery } from '../engine/query/plan.ts'
import type { SynonymTable } from '../engine/query/synonyms.ts'
import type { Suggester } from '../engine/suggest/suggest.ts'
import { createFingerprints } from '../fingerprints.ts'
import type {
  IndexBatch,
  IndexCursor,
  IndexSuggestions,
  SearchIndex,
  SuggestRequest,
} from '../port.ts'
import { isMissing, type OpenSearchClient } from './client.ts'
import { createDirectoryKeeper } from './directory.ts'
import { ACTIVE } from './filters.ts'
import { SERVING_SETTINGS } from './mapping.ts'
import { createSearching } from './searching.ts'
import { type IndexState, type KnownState, NOTHING_YET, readState, writeState } from './state.ts'
import { prefixQuery } from './text.ts'
import { createWords } from './vocabulary.ts'
import { createWriter } from './writer.ts'

export type SharedIndexDeps = Readonly<{
  client: OpenSearchClient
  clock: Clock
  chance: Chance
  synonyms: SynonymTable
  relaxBelow: number
  /** Lets what shoppers wait for be given up in time, and not be begun while nothing answers. */
  guard<Answer>(work: () => Promise<Answer>): Promise<Answer>
}>

/** An index in OpenSearch, and how its store moves it to another name. */
export type SharedIndex = Readonly<{
  index: SearchIndex
  target(): string
  /** From now on it is reached by this alias, whatever index that comes to stand for. */
  moveTo(alias: string): void
}>

const SUGGESTED_PRODUCTS = 5
const IDS_AT_ONCE = 5_000

/**
 * An index in OpenSearch. What it knows itself is only what saves a question; where the index stands is
 * kept with it, and read again before each round of the tail.
 * @param known what its state was found to be; null for a new index
 */
export function createSharedIndex(
  deps: SharedIndexDeps,
  {
    alias,
    known,
    building,
  }: Readonly<{ alias: string; known: KnownState | null; building: boolean }>,
): SharedIndex {
  const { client, guard } = deps
  const failure = new AbortController()
  let address = alias
  let filling = building
  let place = known
  let seen = createFingerprints()
  let suggester: Suggester | undefined
  const target = () => address
  const words = createWords({ ...deps, target })
  const directory = createDirectoryKeeper({ ...deps, target })
  const parts = { ...deps, target, words, directory }
  const search = createSearching(parts)
  const writer = createWriter({ ...deps, target })
  const stateNow = (): IndexState => place?.state ?? NOTHING_YET

  async function note(state: IndexState): Promise<void> {
    place = await writeState(client, address, { before: place, state })
  }

  async function apply(batch: IndexBatch): Promise<number> {
    for (const { id } of batch.documents) seen.note(id, { content: 0, live: 0 })
    const changed = filling ? await writer.fill(batch) : await writer.update(batch)
    const { cursor, progress } = batch
    if (changed > 0) words.changed()
    // While it is filled only its builder asks, and keeps the account by its progress.
    if (filling ? progress : changed > 0 || cursor) {
      const { state } = place ?? { state: NOTHING_YET }
      await note({
        cursor: cursor ?? state.cursor,
        progress: progress ?? null,
        changes: state.changes + changed,
      })
    }
    return changed
  }

  async function learn(): Promise<boolean> {
    const before = place
    try {
      place = await readState(client, address)
    } catch (error) {
      if (isMissing(error)) failure.abort(error)
      throw error
    }
    if (!place) failure.abort(new Error('The index has lost its state'))
    const moved = place?.state.changes !== before?.state.changes || place?.index !== before?.index
    if (moved) words.changed()
    return moved
  }

  async function suggest({ text, limit, languages = [] }: SuggestRequest) {
    suggester ??= await directory.suggester([])
    const found = suggester.complete(text, limit)
    const [productIds, known] = await Promise.all([
      suggestProducts(text, languages),
      directory.current(found.categories.flatMap(({ id }) => id ?? [])),
    ])
    return {
      completions: found.completions.map((completion) => completion.text),
      categories: found.categories.flatMap(({ id }) =>
        id === undefined ? [] : [{ id, count: known.category(id)?.products ?? 0 }],
      ),
      productIds,
    } satisfies IndexSuggestions
  }

  /** The last word may be unfinished, so it is met by its beginning too. */
  async function suggestProducts(
    text: string,
    languages: readonly string[],
  ): Promise<readonly string[]> {
    const last = /[\p{L}\p{N}]$/u.test(text) ? readWords(text, languages).at(-1) : undefined
    const plan = await words.plan((vocabulary) =>
      planQuery(text, vocabulary, { ...deps, languages, prefix: false, correctTypos: !last }),
    )
    if (plan.clauses.length === 0) return []
    const query = prefixQuery(plan.clauses, { last, languages, filter: [ACTIVE] })
    const body = {
      size: SUGGESTED_PRODUCTS,
      query,
      sort: [{ _score: 'desc' }, { id: 'asc' }],
      track_total_hits: false,
      _source: false,
    }
    const { hits } = await client.call<Ids>({ method: 'POST', path: `/${address}/_search`, body })
    return hits.hits.map(({ _id }) => _id)
  }

  const index: SearchIndex = {
    cursor: () => stateNow().cursor,
    progress: () => stateNow().progress,
    learn,
    apply,
    search: (query: SearchQuery) => guard(() => search(query)),
    suggest: (input) => guard(() => suggest(input)),
    async finish(cursor: IndexCursor) {
      await client.call({ method: 'PUT', path: `/${address}/_settings`, body: SERVING_SETTINGS })
      await client.call({ method: 'POST', path: `/${address}/_refresh`, deadlineMs: 120_000 })
      await note({ cursor, progress: null, changes: stateNow().changes + 1 })
      filling = false
      words.changed()
      directory.forget()
    },
    // What is applied is kept: OpenSearch writes its own log, and merges when it pays.
    keep: async () => {},
    async refreshSuggestions(queries) {
      suggester = await directory.suggester(queries)
      // Read before anybody waits for it.
      await directory.current()
    },
    async beginSweep() {
      seen = createFingerprints()
    },
    endSweep: () => idsNotIn(seen),
    figures: () => figuresOf(client, address),
    failure: failure.signal,
    async close() {
      failure.abort(new Error('The index is closed'))
    },
  }

  /** Ids in the index that are not among these, a page at a time. */
  async function idsNotIn(known: typeof seen): Promise<readonly string[]> {
    const strangers: string[] = []
    for (let after: readonly unknown[] | undefined; ; ) {
      const { hits } = await client.call<Ids>({
        method: 'POST',
        path: `/${address}/_search`,
        body: {
          size: IDS_AT_ONCE,
          query: { bool: { filter: ACTIVE } },
          sort: [{ id: 'asc' }],
          track_total_hits: false,
          _source: false,
          ...(after && { search_after: after }),
        },
      })
      for (const { _id } of hits.hits) if (!known.wasSeen(_id)) strangers.push(_id)
      after = hits.hits.at(-1)?.sort
      if (hits.hits.length < IDS_AT_ONCE || !after) return strangers
    }
  }

  return {
    index,
    target,
    moveTo(other) {
      address = other
    },
  }
}

type Ids = Readonly<{
  hits: Readonly<{ hits: readonly Readonly<{ _id: string; sort?: readonly unknown[] }>[] }>
}>

type Stats = Readonly<{
  _all: Readonly<{
    primaries: Readonly<{
      docs: { deleted: number }
      store: { size_in_bytes: number }
      segments: { count: number }
    }>
  }>
}>

async function figuresOf(client: OpenSearchClient, target: string): Promise<EngineFigures> {
  const [{ count }, stats] = await Promise.all([
    client.call<{ count: number }>({
      method: 'POST',
      path: `/${target}/_count`,
      body: { query: ACTIVE },
    }),
    client.call<Stats>({ method: 'GET', path: `/${target}/_stats/docs,store,segments` }),
  ])
  const { docs, store, segments } = stats._all.primaries
  return {
    documents: count,
    segments: segments.count,
    deleted: docs.deleted,
    bytes: store.size_in_bytes,
  }
}
