import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '../../platform/http/actor.ts'
import type { CallContext } from '../../platform/http/binding.ts'
import type { SearchApi, SearchInput } from './api.ts'
import { searchBindings } from './routes.ts'
import { fakePricing } from './testing/shop.ts'

const NO_EVENTS = { record: () => 0, flush: async () => 0 }

function searchAs(
  actor: Actor,
  query: Readonly<Record<string, unknown>>,
  asked: SearchInput[] = [],
) {
  const api = {
    async search(input: SearchInput) {
      asked.push(input)
      return { queryId: `qry_${asked.length}`, total: 0 }
    },
  } as unknown as SearchApi
  const [search] = searchBindings({ api, pricing: fakePricing, events: NO_EVENTS })
  const context = { actor, headers: {} } as unknown as CallContext
  const reply = search!.handle({ params: undefined, query, body: undefined }, context)
  return { reply, asked }
}

test('why a product stands where it stands is told to operators alone, and kept by no cache', async () => {
  const asks: readonly Actor[] = [
    { kind: 'guest' },
    { kind: 'customer', id: 'cus_1' },
    { kind: 'seller', id: 'acc_1', sellerIds: ['sel_1'] },
  ]
  for (const actor of asks) {
    const { reply, asked } = searchAs(actor, { q: 'laptop', explain: true })
    await assert.rejects(reply, { code: 'forbidden' })
    assert.deepEqual(asked, [])
  }
  const { reply, asked } = searchAs({ kind: 'operator', id: 'opr_1' }, { q: 'x', explain: true })
  assert.equal((await reply).headers?.['cache-control'], 'private, no-store')
  assert.equal(asked[0]?.explain, true)
})

test('a search that explains nothing is for everyone, and for caches', async () => {
  const asked: SearchInput[] = []
  const ask = () => searchAs({ kind: 'guest' }, { q: 'laptop', explain: false }, asked).reply
  const [first, second] = [await ask(), await ask()]
  const rawJson = (queryId: string) => ({ rawJson: `{"queryId":"${queryId}","total":0}` })
  assert.deepEqual([first.body, second.body], [rawJson('qry_1'), rawJson('qry_2')])
  // The same finds have one tag, whichever search they answer.
  assert.deepEqual(Object.keys(first.headers ?? {}), ['etag'])
  assert.deepEqual(second.headers, first.headers)
})
