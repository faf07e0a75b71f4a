import { fromJsonLines, type Twins, unnest } from '../memory/database.ts'
import type { Tables } from './tables.ts'

const HEAD = { only: 'head', position: 0 } as const

export const platformTwins: Twins<Tables> = {
  // Partitions are PostgreSQL's own business.
  'lock table platform.events in share update exclusive mode': () => [],
  "select to_regclass('platform.events_p0') is not null as there": () => [{ there: true }],
  'platform.append_events': ({ t, tx, v, now }) => {
    const [ids, types, aggregates, payloads] = v
    const events = unnest<{ id: string; type: string; aggregateId: string; payload: unknown }>(
      [ids, types, aggregates, fromJsonLines(payloads)],
      ['id', 'type', 'aggregateId', 'payload'],
    )
    for (const event of events) {
      t.outbox.insert(tx, { ...event, seq: t.nextSeq(), createdAt: now })
    }
    return []
  },
  'platform.sequence_events': ({ t, tx }) => {
    t.head.insert(tx, HEAD)
    const head = t.head.lock(tx, 'head') ?? HEAD
    const taken = t.outbox.list(tx)
    for (const [n, event] of taken.entries()) {
      t.outbox.remove(tx, t.outbox.keyOf(event))
      t.stream.insert(tx, { ...event, position: head.position + n + 1 })
    }
    if (taken.length > 0) t.head.update(tx, 'head', { position: head.position + taken.length })
    return [{ moved: taken.length }]
  },
  'platform.read_event_head': ({ t, tx }) => [{ position: t.head.find(tx, 'head')?.position ?? 0 }],
  'platform.take_into_inbox': ({ t, tx, v }) =>
    [...(v[1] as string[])]
      .sort()
      .filter((eventId) => t.inbox.insert(tx, { consumer: v[0] as string, eventId }))
      .map((event_id) => ({ event_id })),
  'platform.park_event': ({ t, tx, v }) => {
    const [consumer, eventId] = v as [string, string]
    t.parked.insert(tx, { consumer, eventId, error: String(v[7]) })
    return []
  },
}
