import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, testIdentity } from '../../../tests/support/identity.ts'
import { networkOf } from '../../platform/net/network-of.ts'

const { ask, clock } = await testIdentity()
const EMAIL = 'owner@example.com'

await ask(routes.register, {
  body: { email: EMAIL, password: GOOD_PASSWORD, name: 'The Owner' },
})
const guess = (n: number, from: string) =>
  ask(routes.login, { body: { email: EMAIL, password: `guess ${n} of many` }, from })
const enter = (more: object = {}, from = '203.0.113.9') =>
  ask(routes.login, { body: { email: EMAIL, password: GOOD_PASSWORD, ...more }, from })

/** `5 × 401, 95 × 429 (retry after 1–8 s)` */
function countsOf(replies: readonly Awaited<ReturnType<typeof guess>>[]): string {
  const statuses = replies.map(({ status }) => status)
  const counts = [...new Set(statuses)].map(
    (status) => `${statuses.filter((one) => one === status).length} × ${status}`,
  )
  const waits = replies.flatMap(({ headers }) => Number(headers['retry-after'] ?? []) || [])
  const range = `retry after ${Math.min(...waits)} to ${Math.max(...waits)} s`
  return waits.length > 0 ? `${counts.join(', ')} (${range})` : counts.join(', ')
}

test('S23: 100 tries at once from one address: five are looked at, the others wait', async (t) => {
  const { deviceToken } = (await enter()).body
  const tried = await Promise.all(Array.from({ length: 100 }, (_, n) => guess(n, '192.0.2.66')))
  t.diagnostic(`the attacker at one address sees: ${countsOf(tried)}`)
  const byStatus = Object.groupBy(tried, ({ status }) => String(status))
  assert.equal(byStatus['401']?.length, 5)
  assert.equal(byStatus['429']?.length, 95)
  assert.ok(Number(byStatus['429']?.[0]?.headers['retry-after']) >= 1)
  assert.equal((await enter()).status, 429, 'a device that was never seen waits too')
  const owner = await enter({ deviceToken })
  t.diagnostic(
    `meanwhile the owner, from a device that has signed in before, sees: ${owner.status}`,
  )
  assert.equal(owner.status, 200, 'the owner’s own device does not')
})

test('S23: 100 addresses at one account: it is slowed down, and the owner still gets in', async (t) => {
  clock.advance(3 * 3_600_000)
  const { deviceToken } = (await enter()).body
  const tried = []
  for (let n = 0; n < 100; n += 1) tried.push(await guess(n, `198.51.100.${n}`))
  t.diagnostic(`100 addresses, one try each, see: ${countsOf(tried)}`)
  assert.equal(tried.filter(({ status }) => status === 401).length, 5)
  const owner = await enter({ deviceToken })
  t.diagnostic(
    `meanwhile the owner, from a device that has signed in before, sees: ${owner.status}`,
  )
  assert.equal(owner.status, 200)
  const forged = `${deviceToken.slice(0, -3)}AAA`
  assert.equal((await enter({ deviceToken: forged })).status, 429)
})

test('the wait is bounded: a quarter of an hour after the last try anybody may try again', async () => {
  clock.advance(15 * 60_000)
  assert.equal((await enter()).status, 200)
})

test('one address is slowed down across accounts', async () => {
  const tried = []
  for (let n = 0; n < 60; n += 1) {
    const body = { email: `somebody${n}@example.com`, password: 'one guess each' }
    tried.push(await ask(routes.login, { body, from: '192.0.2.99' }))
  }
  assert.equal(tried.filter(({ status }) => status === 401).length, 50)
  assert.equal((await enter({}, '192.0.2.98')).status, 200)
})

test('an unknown account is slowed down exactly as a known one', async () => {
  clock.advance(3 * 3_600_000)
  const statuses = async (email: string) => {
    const seen = []
    for (let n = 0; n < 8; n += 1) {
      const body = { email, password: 'a wrong guess' }
      seen.push((await ask(routes.login, { body, from: `203.0.113.${n}` })).status)
    }
    return seen
  }
  assert.deepEqual(await statuses('nobody@example.com'), await statuses(EMAIL))
})

test('a device token is for its own account alone', async () => {
  clock.advance(3 * 3_600_000)
  await ask(routes.register, {
    body: { email: 'other@example.com', password: GOOD_PASSWORD, name: 'Other' },
  })
  const other = await ask(routes.login, {
    body: { email: 'other@example.com', password: GOOD_PASSWORD },
  })
  for (let n = 0; n < 6; n += 1) await guess(n, '192.0.2.3')
  assert.equal((await enter({ deviceToken: other.body.deviceToken })).status, 429)
})

test('networks: an IPv4 address, or half of an IPv6 one', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0')
  assert.equal(networkOf('2001:db8:0:0:9::'), '2001:db8:0:0')
})

/** Probability that two samples come from one distribution (Mann-Whitney, normal approximation). */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [
    ...a.map((value) => ({ value, mine: true })),
    ...b.map((value) => ({ value, mine: false })),
  ]
  all.sort((x, y) => x.value - y.value)
  const rank = all.reduce((sum, { mine }, place) => sum + (mine ? place + 1 : 0), 0)
  const u = rank - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  const z = Math.abs(u - mean) / deviation
  return 2 * (1 - normal(z))
}

function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const tail = series.reduce((sum, factor, place) => sum + factor * t ** (place + 1), 0)
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail
}

/** How likely the times of answers about known and unknown addresses are, if they do not differ. */
async function likelihoods(): Promise<Record<string, number>> {
  const rounds = 60
  const time = async (work: () => Promise<unknown>) => {
    const began = performance.now()
    await work()
    return performance.now() - began
  }
  const samples = { login: [[], []], reset: [[], []] } as Record<string, [number[], number[]]>
  for (let round = 0; round < rounds; round += 1) {
    clock.advance(3 * 3_600_000)
    for (const known of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const email = known ? EMAIL : `unknown${round}@example.com`
      const body = { email, password: 'a wrong guess' }
      const from = `203.0.113.${round % 250}`
      samples['login']?.[known]?.push(await time(() => ask(routes.login, { body, from })))
      const wish = { body: { email }, from }
      samples['reset']?.[known]?.push(await time(() => ask(routes.requestPasswordReset, wish)))
    }
  }
  return Object.fromEntries(
    Object.entries(samples).map(([name, [unknown, known]]) => [name, mannWhitney(unknown, known)]),
  )
}

test('S11: the time of an answer does not tell whether an address is known', async () => {
  const seen: Record<string, number>[] = []
  // By chance alone one of fifty measurements looks as if they did; never four in a row.
  for (let tries = 0; tries < 4; tries += 1) {
    seen.push(await likelihoods())
    if (Object.values(seen.at(-1) ?? {}).every((p) => p > 0.01)) return
  }
  assert.fail(JSON.stringify(seen))
})
