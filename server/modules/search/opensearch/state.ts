import type { BuildProgress, IndexCursor } from '../port.ts'
import { isMissing, type OpenSearchClient, OpenSearchError } from './client.ts'
import { STATE_ID } from './mapping.ts'

/** Where an index stands, as it is kept beside its products. */
export type IndexState = Readonly<{
  cursor: IndexCursor | null
  progress: BuildProgress | null
  /** Moves with every change, so that other processes see that there was one. */
  changes: number
}>

/** What was read, and what the next write has to find unchanged. */
export type KnownState = Readonly<{ state: IndexState; index: string; mark: Mark }>
type Mark = Readonly<{ seqNo: number; primaryTerm: number }>

type Written = Readonly<{ _index: string; _seq_no: number; _primary_term: number }>
type Read = Written & Readonly<{ _source: Readonly<{ state: IndexState }> }>

/** Somebody else has written where the index stands: it has to be learnt anew. */
class StateMoved extends Error {}

const CONFLICT = 409
export const NOTHING_YET: IndexState = { cursor: null, progress: null, changes: 0 }

/** @returns null if the index is there and has no state. @throws OpenSearchError if it is not there */
export async function readState(
  client: OpenSearchClient,
  target: string,
): Promise<KnownState | null> {
  try {
    const read = await client.call<Read>({ method: 'GET', path: `/${target}/_doc/${STATE_ID}` })
    return { state: read._source.state, index: read._index, mark: markOf(read) }
  } catch (error) {
    // A document that is not there has no reason; an index that is not there has.
    if (isMissing(error) && !/index_not_found/.test(String(error))) return null
    throw error
  }
}

/** @param before what is there; null: nothing. @throws StateMoved if it is not so any more */
export async function writeState(
  client: OpenSearchClient,
  target: string,
  { before, state }: Readonly<{ before: KnownState | null; state: IndexState }>,
): Promise<KnownState> {
  const guard = before
    ? `if_seq_no=${before.mark.seqNo}&if_primary_term=${before.mark.primaryTerm}`
    : 'op_type=create'
  try {
    const written = await client.call<Written>({
      method: 'PUT',
      path: `/${target}/_doc/${STATE_ID}?require_alias=true&${guard}`,
      body: { state },
    })
    if (before && written._index !== before.index) throw new StateMoved('Another index took over')
    return { state, index: written._index, mark: markOf(written) }
  } catch (error) {
    if (error instanceof OpenSearchError && error.status === CONFLICT) {
      throw new StateMoved('Another process has moved the index on')
    }
    throw error
  }
}

function markOf({ _seq_no: seqNo, _primary_term: primaryTerm }: Written): Mark {
  return { seqNo, primaryTerm }
}
