import type { Operations } from '@stoa/client'
import type { Visit } from '../../lib/shop.ts'

type Event = Operations['recordSearchEvents']['body']['events'][number]

/** Tells what came of a search. No page waits for it, and none fails because of it. */
export function tellOf({ shop, visitor }: Visit, events: readonly Event[]): void {
  if (events.length === 0) return
  shop.api
    .recordSearchEvents({ body: { events: [...events] }, headers: visitor })
    .then((told) => {
      if (!told.ok) shop.log.warn({ code: told.problem.code }, 'What came of a search is not told')
    })
    .catch((error: unknown) => shop.log.warn({ error }, 'What came of a search is not told'))
}
