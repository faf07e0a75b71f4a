import { createLink } from '../../../platform/cache/link.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { databaseIdentity } from '../../../platform/db/identity.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import { PRODUCT_SYNONYMS, type Synonym } from '../engine/index.ts'
import { createSynonyms } from '../engine/query/synonyms.ts'
import type { IndexCursor, IndexStore, SearchIndex } from '../port.ts'
import { createOpenSearchClient, isMissing, OpenSearchError } from './client.ts'
import { createLead } from './lead.ts'
import { FORMAT, indexBody } from './mapping.ts'
import { createSharedIndex, type SharedIndex } from './shared-index.ts'
import { type KnownState, NOTHING_YET, readState, writeState } from './state.ts'

export type OpenSearchStoreDeps = Readonly<{
  url: string
  db: Database
  ids: Ids
  clock: Clock
  chance: Chance
  log: Log
  /** What the indexes are filed under; the database's identity unless told. */
  name?: string
  /** What shoppers' questions may take. */
  budgetMs?: number
  synonyms?: readonly Synonym[]
  relaxBelow?: number
}>

const BUDGET_MS = 1_500
const RELAX_BELOW = 10
const PATIENCE_MS = 2_000
const PROBE_PAUSE_MS = 20
const LINGER_MS = 500

/** OpenSearch does not answer, or not in time. */
class SearchAway extends Error {}

/**
 * Indexes in OpenSearch, shared by all processes of a shop:
 *
 *     stoa-<database>-products            the alias that is searched
 *     stoa-<database>-products-000007     an index; the alias stands for one of them
 *     stoa-<database>-products-000008-build    the alias of one that is being filled
 */
export function createOpenSearchStore(deps: OpenSearchStoreDeps): IndexStore {
  const { url, db, ids, clock, chance, log, budgetMs = BUDGET_MS } = deps
  const client = createOpenSearchClient({ url, clock })
  const opened = new Map<SearchIndex, SharedIndex>()
  let main = 'stoa-products'

  const link = createLink({
    name: 'opensearch',
    clock,
    chance,
    log,
    budgetMs,
    probe: () => probe(),
  })
  const lead = createLead({ db, clock, holder: ids.make('evt'), indexName: () => main })

  /** That it can search what there is to be searched; that there is nothing yet is well too. */
  async function probe(): Promise<void> {
    try {
      const body = { size: 0, terminate_after: 1, track_total_hits: false }
      await client.call({ method: 'POST', path: `/${main}/_search`, body, deadlineMs: budgetMs })
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  /** A refusal is an answer: only what is late, broken or overloaded speaks against the engine. */
  async function guard<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = await link.ask(async () => {
      try {
        return { value: await work() }
      } catch (error) {
        if (error instanceof RangeError || isRefusal(error)) return { error }
        throw error
      }
    })
    if (!answer) throw new SearchAway('OpenSearch does not answer')
    if ('error' in answer) throw answer.error
    return answer.value
  }

  const indexDeps = {
    client,
    clock,
    chance,
    guard,
    synonyms: createSynonyms(deps.synonyms ?? PRODUCT_SYNONYMS),
    relaxBelow: deps.relaxBelow ?? RELAX_BELOW,
  }

  function remember(shared: SharedIndex): SearchIndex {
    opened.set(shared.index, shared)
    return shared.index
  }

  /** Our indexes, each with its aliases. */
  async function indexes(): Promise<Map<string, readonly string[]>> {
    try {
      const path = `/${main}-*/_alias`
      const all = await client.call<Record<string, { aliases: object }>>({ method: 'GET', path })
      return new Map(Object.entries(all).map(([name, { aliases }]) => [name, Object.keys(aliases)]))
    } catch (error) {
      if (isMissing(error)) return new Map()
      throw error
    }
  }

  async function isOurFormat(target: string): Promise<boolean> {
    type Mappings = Record<string, { mappings: { _meta?: { format?: number } } }>
    const all = await client.call<Mappings>({ method: 'GET', path: `/${target}/_mapping` })
    return Object.values(all).every(({ mappings }) => mappings._meta?.format === FORMAT)
  }

  /** What is kept under this alias, if it can be used. */
  async function known(alias: string): Promise<KnownState | null> {
    try {
      return (await isOurFormat(alias)) ? await readState(client, alias) : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async function remove(name: string): Promise<void> {
    await client.call({ method: 'DELETE', path: `/${name}` }).catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
  }

  async function resume(
    all: ReadonlyMap<string, readonly string[]>,
    canGoOn: (cursor: IndexCursor) => Promise<boolean>,
  ): Promise<SearchIndex | null> {
    for (const [name, aliases] of all) {
      const alias = `${name}-build`
      if (!aliases.includes(alias)) continue
      const begun = await known(alias)
      const progress = begun?.state.progress
      if (progress && (await canGoOn(progress.cursor))) {
        log.info({ index: name, done: progress.done }, 'an unfinished search index is gone on with')
        return remember(createSharedIndex(indexDeps, { alias, known: begun, building: true }))
      }
    }
    return null
  }

  async function begin(all: ReadonlyMap<string, readonly string[]>): Promise<SearchIndex> {
    const numbers = [...all.keys()].map((name) => Number(name.slice(main.length + 1)))
    const number = Math.max(0, ...numbers.filter(Number.isInteger)) + 1
    const name = `${main}-${String(number).padStart(6, '0')}`
    const alias = `${name}-build`
    await client.call({ method: 'PUT', path: `/${name}`, body: indexBody({ [alias]: {} }) })
    const state = await writeState(client, alias, { before: null, state: NOTHING_YET })
    return remember(createSharedIndex(indexDeps, { alias, known: state, building: true }))
  }

  return {
    metrics: link.metrics,
    answers: link.isUp,
    leads: lead.leads,
    async start() {
      main = `stoa-${deps.name ?? (await databaseIdentity(db))}-products`
      link.start()
      const until = clock.monotonicMs() + PATIENCE_MS
      while (!link.isUp() && clock.monotonicMs() < until) await clock.sleep(PROBE_PAUSE_MS)
    },
    async open() {
      const state = await known(main)
      if (!state?.state.cursor) return null
      return remember(createSharedIndex(indexDeps, { alias: main, known: state, building: false }))
    },
    async create(canGoOn) {
      const all = await indexes()
      return (await resume(all, canGoOn)) ?? (await begin(all))
    },
    async adopt(index) {
      const shared = opened.get(index)
      for (const one of opened.keys()) if (one.failure.aborted) opened.delete(one)
      if (!shared || shared.target() === main) return
      const all = await indexes()
      const name = shared.target().slice(0, -'-build'.length)
      const serving = [...all].filter(([, aliases]) => aliases.includes(main))
      const actions = [
        ...serving.map(([other]) => ({ remove: { index: other, alias: main } })),
        { add: { index: name, alias: main } },
      ]
      await client.call({ method: 'POST', path: '/_aliases', body: { actions } })
      const building = shared.target()
      shared.moveTo(main)
      // Searches that were sent before have an answer by now.
      if (serving.length > 0) await clock.sleep(LINGER_MS)
      await client.call({ method: 'DELETE', path: `/${name}/_alias/${building}` })
      for (const other of all.keys()) if (other !== name) await remove(other)
    },
    async close() {
      await link.stop()
      await lead.giveUp().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the lead of the search index is left to run out')
      })
      client.close()
    },
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof OpenSearchError && error.status < 500 && error.status !== 429
}
