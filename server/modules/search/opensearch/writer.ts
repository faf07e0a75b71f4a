import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { SearchDocument } from '../engine/index.ts'
import { type OpenSearchClient, OpenSearchError } from './client.ts'
import { printOf, toIndexed } from './documents.ts'

/** Writes products in batches, so that any process may write them, in any order, any number of times. */
export type Writer = Readonly<{
  /**
   * Brings the index to hold these documents and not the ones that are gone, as far as it does not.
   * @returns how many differed; they can be found when it returns
   */
  update(batch: Batch): Promise<number>
  /** The same for an index that is being filled: nothing is compared, nothing can be found yet. */
  fill(batch: Batch): Promise<number>
}>

type Batch = Readonly<{
  documents: readonly SearchDocument[]
  gone: readonly string[]
  /** Where the stream stood before the documents were read: an older state never replaces a newer one. */
  asOf: number
}>

/** `source` is encoded already: its length decides how much is sent at once. */
type Action = Readonly<{ head: object; source?: string }>
type BulkAnswer = Readonly<{
  items: readonly Readonly<
    Record<string, Readonly<{ status: number; error?: { reason?: string } }>>
  >[]
}>
type Prints = Readonly<{
  docs: readonly Readonly<{ _id: string; found?: boolean; _source?: { print?: string } }>[]
}>

const READ_AT_ONCE = 25
/** A body of more than these, or of more letters, is sent in parts. */
const MOST_ACTIONS = 250
const MOST_LETTERS = 4_000_000
/** OpenSearch says 429 when it has too much to do: the rest is sent again, later and later. */
const MOST_ATTEMPTS = 8
const PAUSE_MS = { least: 100, most: 5_000 }
const CONFLICT = 409
const MISSING = 404

export function createWriter({
  client,
  target,
  clock,
  chance,
}: Readonly<{
  client: OpenSearchClient
  target: () => string
  clock: Clock
  chance: Chance
}>): Writer {
  async function pause(attempt: number): Promise<void> {
    const most = Math.min(PAUSE_MS.least * 2 ** attempt, PAUSE_MS.most)
    await clock.sleep(most * (0.5 + chance.float() / 2))
  }

  /** Sends actions once. @returns those that have to be sent again */
  async function sendOnce(actions: readonly Action[], refresh: boolean): Promise<Action[]> {
    const path = `/${target()}/_bulk?require_alias=true&refresh=${refresh}`
    const body = actions.flatMap(({ head, source }) => (source ? [head, source] : [head]))
    let answer: BulkAnswer
    try {
      answer = await client.call<BulkAnswer>({ method: 'POST', path, body })
    } catch (error) {
      if (error instanceof OpenSearchError && isBusy(error.status)) return [...actions]
      throw error
    }
    const again: Action[] = []
    for (const [place, item] of answer.items.entries()) {
      const result = Object.values(item)[0]
      const status = result?.status ?? 0
      if (isBusy(status)) again.push(actions[place] as Action)
      // Somebody has written a newer state, or deleted it already: that is as well.
      else if (status === CONFLICT || (status === MISSING && !actions[place]?.source)) continue
      else if (status >= 300) throw new OpenSearchError(status, result?.error?.reason ?? 'refused')
    }
    return again
  }

  async function send(actions: readonly Action[], refresh: boolean): Promise<void> {
    let left = [...actions]
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt === MOST_ATTEMPTS) throw new Error(`OpenSearch took ${attempt} times no more`)
      if (attempt > 0) await pause(attempt)
      left = await sendOnce(left, refresh)
    }
  }

  /** Products are read a few at a time, so that nobody in this process waits for long. */
  async function sendAll({ documents, gone, asOf }: Batch, refresh: boolean): Promise<void> {
    let part: Action[] = gone.map((id) => ({ head: { delete: versioned(id, asOf) } }))
    let letters = 0
    for (let from = 0; from < documents.length; from += READ_AT_ONCE) {
      const read = upserts(documents.slice(from, from + READ_AT_ONCE), asOf)
      const size = read.reduce((sum, { source = '' }) => sum + source.length, 0)
      if (part.length + read.length > MOST_ACTIONS || letters + size > MOST_LETTERS) {
        await send(part, refresh)
        part = []
        letters = 0
      }
      part.push(...read)
      letters += size
      await clock.sleep(0)
    }
    await send(part, refresh)
  }

  async function printsOf(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const { docs } = await client.call<Prints>({
      method: 'POST',
      path: `/${target()}/_mget?_source_includes=print`,
      body: { ids },
    })
    return new Map(
      docs.flatMap(({ _id, found, _source }) => (found ? [[_id, _source?.print ?? '']] : [])),
    )
  }

  return {
    async update({ documents, gone, asOf }) {
      const prints = await printsOf([...documents.map(({ id }) => id), ...gone])
      const changed = documents.filter((document) => prints.get(document.id) !== printOf(document))
      const there = gone.filter((id) => prints.has(id))
      await sendAll({ documents: changed, gone: there, asOf }, true)
      return changed.length + there.length
    },
    async fill(batch) {
      await sendAll(batch, false)
      return batch.documents.length
    },
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status === 503
}

/** A state that is as old may replace one: what no event tells of is told apart by nothing else. */
function versioned(id: string, asOf: number) {
  return { _id: id, version: Math.max(1, asOf), version_type: 'external_gte' }
}

function upserts(documents: readonly SearchDocument[], asOf: number): Action[] {
  return toIndexed(documents).map((product) => ({
    head: { index: versioned(product.id, asOf) },
    source: JSON.stringify(product),
  }))
}
