import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededChance } from '../../../platform/chance.ts'
import { systemClock } from '../../../platform/clock.ts'
import { named } from '../engine/testing/documents.ts'
import { type Call, type OpenSearchClient, OpenSearchError } from './client.ts'
import { createWriter } from './writer.ts'

type Line = Readonly<Record<string, { _id: string }>>

/** An engine that takes what `take` says of each id, and notes what was sent and how long was waited. */
function writerOver(take: (id: string, round: number) => number, refuse?: () => unknown) {
  const sent: string[][] = []
  const pauses: number[] = []
  const client: OpenSearchClient = {
    async call<Answer>({ path, body }: Call) {
      if (path.includes('_mget')) return { docs: [] } as Answer
      const error = refuse?.()
      if (error) throw error
      const heads = (body as (Line | string)[]).filter((line) => typeof line !== 'string')
      const ids = heads.map((line) => (line['index'] ?? line['delete'])?._id as string)
      sent.push(ids)
      return { items: ids.map((id) => ({ index: { status: take(id, sent.length) } })) } as Answer
    },
    close() {},
  }
  const clock = {
    ...systemClock,
    async sleep(ms: number) {
      if (ms > 0) pauses.push(ms)
    },
  }
  const writer = createWriter({ client, clock, chance: seededChance(1), target: () => 'index' })
  return { writer, sent, pauses }
}

const batch = (...ids: readonly string[]) => ({
  documents: ids.map((id) => named(id, 'lamp')),
  gone: [],
  asOf: 1,
})

test('what the engine has no room for is sent again, later and later, and nothing else', async () => {
  const { writer, sent, pauses } = writerOver((id, round) => (id === 'b' && round < 4 ? 429 : 201))
  assert.equal(await writer.update(batch('a', 'b', 'c')), 3)
  assert.deepEqual(sent, [['a', 'b', 'c'], ['b'], ['b'], ['b']])
  assert.ok((pauses[0] ?? 0) < (pauses[1] ?? 0) && (pauses[1] ?? 0) < (pauses[2] ?? 0))
})

test('an engine that stays overloaded is given up, so that the tail comes again', async () => {
  const { writer, pauses } = writerOver(
    () => 201,
    () => new OpenSearchError(429, 'too many'),
  )
  await assert.rejects(writer.update(batch('a')))
  assert.equal(pauses.length, 7)
})

test('a newer state that stands there already is no failure, a refused document is', async () => {
  const conflict = writerOver(() => 409)
  await conflict.writer.update(batch('a'))
  const refused = writerOver(() => 400)
  await assert.rejects(refused.writer.update(batch('a')), { status: 400 })
})

test('much is sent in parts', async () => {
  const ids = Array.from({ length: 600 }, (_, i) => `p${i}`)
  const { writer, sent } = writerOver(() => 201)
  await writer.fill(batch(...ids))
  assert.deepEqual(
    sent.map((part) => part.length),
    [250, 250, 100],
  )
})
