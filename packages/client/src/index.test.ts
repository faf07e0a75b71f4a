import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient, type TransportReply } from './index.ts'

function answering(...replies: readonly Readonly<{ status: number; body: string }>[]) {
  let asked = 0
  const transport = async (): Promise<TransportReply> => {
    const reply = replies[Math.min(asked, replies.length - 1)] as (typeof replies)[0]
    asked += 1
    return { headers: {}, ...reply }
  }
  return { client: createClient({ transport }), asked: () => asked }
}

const search = { query: { q: 'lamp' } } as const

for (const status of [408, 429, 502, 503, 504]) {
  test(`${status} in the words of a proxy may be asked again`, async () => {
    const { client, asked } = answering({ status, body: '<h1>Too busy</h1>' })
    const answer = await client.search(search)
    assert.ok(!answer.ok)
    assert.equal(answer.problem.code, 'unavailable')
    assert.equal(answer.problem.detail, '<h1>Too busy</h1>')
    assert.ok(asked() > 1, 'it was asked again')
  })
}

test('any other answer without a problem is a failure of the server, and the problem that there is stays as it is', async () => {
  const failed = await answering({ status: 500, body: 'oops' }).client.search(search)
  assert.ok(!failed.ok && failed.problem.code === 'internal')
  const problem = { status: 503, code: 'rate_limited', title: 'Later', retryable: false }
  const refused = answering({ status: 503, body: JSON.stringify(problem) })
  const answer = await refused.client.search(search)
  assert.deepEqual(answer, { ok: false, problem })
  assert.equal(refused.asked(), 1)
})
