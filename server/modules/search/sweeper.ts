import type { Replica } from './replica.ts'

/**
 * Compares the index with the catalogue, page by page: at once for `verify`, else a page now and
 * then, for ever, which mends whatever no event told of (a sale that began, the day's rates).
 */
export type Sweeper = Readonly<{
  verify(replica: Replica): Promise<{ documents: number; mended: number }>
  /** One page; while hurried, all that is left. */
  step(replica: Replica): Promise<void>
  /** Something changed that concerns very many products: the next step compares all at once. */
  hurry(): void
  /** Begins from the start with another index. */
  restart(): void
  /** What all steps have mended so far. */
  mended(): number
}>

const GHOSTS_AT_ONCE = 200

export function createSweeper(): Sweeper {
  /** Where the slow comparison is; undefined: before its beginning. */
  let place: Readonly<{ replica: Replica; after: string | null }> | undefined
  let hurried = false
  let verifying: Promise<unknown> | undefined
  let all = 0

  /** Products that are in the index and not in the catalogue. */
  async function dropGhosts(replica: Replica): Promise<number> {
    const ghosts = await replica.index.endSweep()
    let dropped = 0
    for (let from = 0; from < ghosts.length; from += GHOSTS_AT_ONCE) {
      dropped += await replica.compare(ghosts.slice(from, from + GHOSTS_AT_ONCE))
    }
    return dropped
  }

  async function compareAll(replica: Replica): Promise<{ documents: number; mended: number }> {
    await replica.index.beginSweep()
    let [documents, mended] = [0, 0]
    for (
      let page = await replica.comparePage(null);
      page;
      page = await replica.comparePage(page.last)
    ) {
      documents += page.size
      mended += page.mended
    }
    mended += await dropGhosts(replica)
    all += mended
    return { documents, mended }
  }

  async function verify(replica: Replica) {
    while (verifying) await verifying
    place = undefined
    const run = compareAll(replica)
    verifying = run.catch(() => {})
    return run.finally(() => {
      verifying = undefined
    })
  }

  return {
    verify,
    async step(replica) {
      if (verifying) return
      if (hurried) {
        hurried = false
        await verify(replica)
        return
      }
      if (place?.replica !== replica) {
        await replica.index.beginSweep()
        place = { replica, after: null }
      }
      const page = await replica.comparePage(place.after)
      if (verifying) return
      all += page ? page.mended : await dropGhosts(replica)
      place = page && { replica, after: page.last }
    },
    hurry() {
      hurried = true
    },
    restart() {
      place = undefined
    },
    mended: () => all,
  }
}
