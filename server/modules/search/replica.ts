import type { Outbox } from '../../platform/events/outbox.ts'
import { affectedProducts, gatherChanges } from './changes.ts'
import type { IndexCursor, SearchIndex } from './port.ts'
import type { Source } from './source.ts'

/** The stream no longer has what the index missed, or is another database's. */
export class LostPlace extends Error {}

/** An index that follows the catalogue. What it reads and applies is one step at a time. */
export type Replica = Readonly<{
  index: SearchIndex
  /** Applies what comes next in the stream. @returns how many events it passed. @throws LostPlace */
  follow(): Promise<number>
  /** Compares with the next products of the catalogue. @returns undefined at the end of it. */
  comparePage(after: string | null): Promise<Compared | undefined>
  /** Compares with these products. @returns how many differed. */
  compare(productIds: readonly string[]): Promise<number>
}>

export type Compared = Readonly<{ last: string; size: number; mended: number }>

const EVENTS = 1_000
const PAGE = 500
const READ_AT_ONCE = 500

/**
 * @param onChanged called after searches may answer otherwise than before
 * @param onManyAffected called when so many products changed that all have to be compared
 */
export function createReplica(
  index: SearchIndex,
  {
    outbox,
    source,
    onChanged,
    onManyAffected,
  }: Readonly<{
    outbox: Outbox
    source: Source
    onChanged(): void
    onManyAffected(): void
  }>,
): Replica {
  let line: Promise<unknown> = Promise.resolve()

  /**
   * Reads of the catalogue and their application are one step: a page read before a change must
   * not be applied after it.
   */
  function inLine<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = line.then(step, step)
    line = result.catch(() => {})
    return result
  }

  /** Products are read while those before them are applied. */
  async function compare(productIds: readonly string[]): Promise<number> {
    const asOf = await outbox.head()
    let changed = 0
    let batch = await source.read(productIds.slice(0, READ_AT_ONCE))
    for (let next = READ_AT_ONCE; ; next += READ_AT_ONCE) {
      const part = productIds.slice(next, next + READ_AT_ONCE)
      const [coming, differed] = await Promise.all([
        source.read(part),
        index.apply({ ...batch, asOf }),
      ])
      changed += differed
      if (differed > 0) onChanged()
      if (part.length === 0) return changed
      batch = coming
    }
  }

  async function follow(): Promise<number> {
    const after = index.cursor()?.position ?? 0
    const events = await outbox.read(after, EVENTS)
    if (events[0] && events[0].position !== after + 1) {
      throw new LostPlace(`After ${after} the stream goes on at ${events[0].position}`)
    }
    const changes = gatherChanges(events)
    const last = events[changes.events - 1]
    if (!last) return 0
    const affected = await affectedProducts(index, changes)
    if (affected === null) onManyAffected()
    await compare([...new Set([...changes.productIds, ...(affected ?? [])])])
    const cursor = { position: last.position, eventId: last.id }
    await index.apply({ documents: [], gone: [], asOf: cursor.position, cursor })
    return changes.events
  }

  return {
    index,
    follow: () => inLine(follow),
    comparePage: (after) =>
      inLine(async () => {
        const asOf = await outbox.head()
        const { batch, last, size } = await source.page(after, PAGE)
        if (last === null) return undefined
        const mended = await index.apply({ ...batch, asOf })
        if (mended > 0) onChanged()
        return { last, size, mended }
      }),
    compare: (productIds) => inLine(() => compare(productIds)),
  }
}

/** Rounds of sequencing at most, while a writer keeps appending. */
const MOST_ROUNDS = 200

/**
 * The newest place of the stream, once what waits is in it: at a start nobody sequences yet, and an
 * import that went before would be told after the index has it all.
 */
export async function headOf(outbox: Outbox): Promise<IndexCursor> {
  for (let round = 0; round < MOST_ROUNDS && (await outbox.sequence()) > 0; round += 1);
  const position = await outbox.head()
  const [event] = position > 0 ? await outbox.read(position - 1, 1) : []
  return { position, eventId: event?.id ?? '' }
}

/** Replaying more than these takes longer than building anew. */
const MOST_BEHIND = 500_000

/** Whether an index that stands here can catch up with this stream. */
export async function canFollow(outbox: Outbox, cursor: IndexCursor): Promise<boolean> {
  const head = await outbox.head()
  if (cursor.position > head || head - cursor.position > MOST_BEHIND) return false
  if (cursor.eventId === '') return true
  const [event] = await outbox.read(cursor.position - 1, 1)
  return event?.id === cursor.eventId
}
