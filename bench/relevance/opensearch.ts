import { PRODUCT_SYNONYMS, type SearchDocument } from '../../server/modules/search/engine/index.ts'
import { createSynonyms } from '../../server/modules/search/engine/query/synonyms.ts'
import { plainText } from '../../server/modules/search/engine/segment/words.ts'
import {
  createOpenSearchClient,
  type OpenSearchClient,
} from '../../server/modules/search/opensearch/client.ts'
import { indexBody } from '../../server/modules/search/opensearch/mapping.ts'
import { createSharedIndex } from '../../server/modules/search/opensearch/shared-index.ts'
import { NOTHING_YET, writeState } from '../../server/modules/search/opensearch/state.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import type { Answer } from './evaluate.ts'

const OURS = 'stoa-bench-ours'
const PLAIN = 'stoa-bench-plain'
const AT_ONCE = 1_000
const DEPTH = 100

type Answerer = (query: string) => Promise<Answer>

/** Both ways to answer from OpenSearch: as the shop does, and its own plain BM25 over name and description. */
export async function openSearchAnswers(
  url: string,
  catalogue: readonly SearchDocument[],
): Promise<Readonly<{ ours: Answerer; plain: Answerer; close(): Promise<void> }>> {
  const client = createOpenSearchClient({ url, clock })
  const drop = async () => {
    for (const index of [OURS, PLAIN]) {
      await client.call({ method: 'DELETE', path: `/${index}?ignore_unavailable=true` })
    }
  }
  await drop()
  return {
    ours: await fillOurs(client, catalogue),
    plain: await fillPlain(client, catalogue),
    async close() {
      await drop()
      client.close()
    },
  }
}

async function fillOurs(client: OpenSearchClient, catalogue: readonly SearchDocument[]) {
  const alias = `${OURS}-build`
  await client.call({ method: 'PUT', path: `/${OURS}`, body: indexBody({ [alias]: {} }) })
  const known = await writeState(client, alias, { before: null, state: NOTHING_YET })
  const synonyms = createSynonyms(PRODUCT_SYNONYMS)
  const deps = { client, clock, chance, synonyms, relaxBelow: 10 }
  const { index } = createSharedIndex(
    { ...deps, guard: (work) => work() },
    { alias, known, building: true },
  )
  for (let from = 0; from < catalogue.length; from += AT_ONCE) {
    await index.apply({ documents: catalogue.slice(from, from + AT_ONCE), gone: [], asOf: 1 })
  }
  await index.finish({ position: 1, eventId: '' })
  return async (text: string) => {
    const { hits, total } = await index.search({ text, limit: DEPTH })
    return { ids: hits.map(({ id }) => id), total }
  }
}

type Found = Readonly<{
  hits: Readonly<{ total: { value: number }; hits: readonly Readonly<{ _id: string }>[] }>
}>

async function fillPlain(client: OpenSearchClient, catalogue: readonly SearchDocument[]) {
  const mappings = { properties: { text: { type: 'text' } } }
  await client.call({ method: 'PUT', path: `/${PLAIN}`, body: { mappings } })
  for (let from = 0; from < catalogue.length; from += AT_ONCE) {
    const lines = catalogue
      .slice(from, from + AT_ONCE)
      .flatMap((source) => [{ index: { _id: source.id } }, { text: plainText(source) }])
    await client.call({ method: 'POST', path: `/${PLAIN}/_bulk`, body: lines })
  }
  await client.call({ method: 'POST', path: `/${PLAIN}/_refresh` })
  return async (text: string) => {
    const body = {
      query: { match: { text } },
      size: DEPTH,
      track_total_hits: true,
      _source: false,
    }
    const { hits } = await client.call<Found>({ method: 'POST', path: `/${PLAIN}/_search`, body })
    return { ids: hits.hits.map(({ _id }) => _id), total: hits.total.value }
  }
}
