import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { testPlatform } from '../../tests/support/platform.ts'
import { systemClock } from './clock.ts'
import { openDatabase } from './db/database.ts'
import {
  canonicalJson,
  createIdempotency,
  hashRequest,
  type IdempotentCall,
  type KeptReply,
} from './idempotency.ts'
import { silentLog } from './log.ts'

const { db, url } = await testPlatform({ poolSize: 12 })
/** Several processes on one database: each has batchers of its own. */
const processes = [1, 2, 3, 4].map(() => createIdempotency({ db, clock: systemClock }))
const [one, two] = processes as [(typeof processes)[0], (typeof processes)[0]]
const REPLY: KeptReply = { status: 201, body: '{"id":"ord_1"}', headers: { location: '/x' } }

const call = (key: string, body: unknown = { n: 1 }): IdempotentCall => ({
  scope: 'guest POST /orders',
  key,
  requestHash: hashRequest('POST', '/orders', body),
})

/** `first`, `resumed`, `replay`, or the code of the refusal. */
async function outcome(on: typeof one, of: IdempotentCall): Promise<string> {
  return on.claim(of).then(
    (claim) => claim.kind,
    (error: unknown) => {
      if (error instanceof Problem) return error.code
      throw error
    },
  )
}

const tally = (outcomes: readonly string[]) =>
  Object.fromEntries(
    [...Map.groupBy(outcomes, (name) => name)].map(([name, all]) => [name, all.length]).sort(),
  )

const expire = (key: string) =>
  db.query({
    text: `update platform.idempotency_keys set lease_until = now() - interval '1 second' where key = $1`,
    values: [key],
  })

beforeEach(() => db.query({ text: 'truncate platform.idempotency_keys' }))

test('of 200 identical calls at once one is first, and all later ones get its answer', async () => {
  const claims = Array.from({ length: 200 }, (_, n) =>
    outcome(processes[n % 4] as typeof one, call('same')),
  )
  assert.deepEqual(tally(await Promise.all(claims)), { first: 1, idempotency_in_progress: 199 })
  await one.finish(call('same'), REPLY)
  const replays = await Promise.all(
    Array.from({ length: 200 }, (_, n) => (processes[n % 4] as typeof one).claim(call('same'))),
  )
  for (const replay of replays) assert.deepEqual(replay, { kind: 'replay', reply: REPLY })
})

test('in one batch only the same body waits; another one is refused for good', async () => {
  const claims = [{ n: 1 }, { n: 2 }, { n: 1 }, { n: 3 }].map((body) =>
    outcome(one, call('mixed', body)),
  )
  assert.deepEqual(await Promise.all(claims), [
    'first',
    'idempotency_key_reused',
    'idempotency_in_progress',
    'idempotency_key_reused',
  ])
})

test('a finished or running key is refused to another body', async () => {
  await one.claim(call('kept'))
  assert.equal(await outcome(two, call('kept', { n: 2 })), 'idempotency_key_reused')
  await one.finish(call('kept'), REPLY)
  assert.equal(await outcome(two, call('kept', { n: 2 })), 'idempotency_key_reused')
  const other = { ...call('kept', { n: 2 }), scope: 'customer:cus_1 POST /orders' }
  assert.equal(await outcome(two, other), 'first')
})

test('a key that another process inserts in the middle of the statement is judged by its row', async () => {
  const rival = await db.connect()
  try {
    await rival.query('begin')
    await rival.query(
      `insert into platform.idempotency_keys (scope, key, request_hash, state, lease_until)
       values ($1, 'raced', $2, 'in_progress', now() + interval '1 minute')`,
      [call('').scope, call('raced', { n: 2 }).requestHash],
    )
    const claims = [{ n: 1 }, { n: 2 }, { n: 1 }].map((body) => outcome(one, call('raced', body)))
    const fresh = outcome(one, call('unrelated'))
    await systemClock.sleep(50)
    await rival.query('commit')
    assert.deepEqual(await Promise.all(claims), [
      'idempotency_key_reused',
      'idempotency_in_progress',
      'idempotency_key_reused',
    ])
    assert.equal(await fresh, 'first')
  } finally {
    rival.release()
  }
})

test('a key given back in the middle of the statement is claimed anew, with the new body', async () => {
  await one.claim(call('returned', { n: 1 }))
  const rival = await db.connect()
  try {
    await rival.query('begin')
    await rival.query(`delete from platform.idempotency_keys where key = 'returned'`)
    const claims = [{ n: 2 }, { n: 2 }, { n: 1 }].map((body) =>
      outcome(two, call('returned', body)),
    )
    await systemClock.sleep(50)
    await rival.query('commit')
    const outcomes = await Promise.all(claims)
    // Whichever row answered, it answered all three alike.
    const anew = ['first', 'idempotency_in_progress', 'idempotency_key_reused']
    const old = ['idempotency_key_reused', 'idempotency_key_reused', 'idempotency_in_progress']
    assert.deepEqual(outcomes, outcomes[0] === 'first' ? anew : old)
  } finally {
    rival.release()
  }
})

test('under a storm of claims, answers and returns no key is ever held twice', async () => {
  const held = new Map<string, number>()
  let [claimed, finished] = [0, 0]
  async function caller(number: number): Promise<void> {
    const on = processes[number % 4] as typeof one
    for (let round = 0; round < 25; round += 1) {
      const of = call(`storm-${(number * 7 + round * 3) % 23}`)
      if ((await outcome(on, of)) !== 'first') continue
      claimed += 1
      assert.equal(held.get(of.key) ?? 0, 0, `${of.key} was claimed twice`)
      held.set(of.key, 1)
      await systemClock.sleep(round % 3)
      held.set(of.key, 0)
      if (round > 20) {
        await on.finish(of, REPLY)
        finished += 1
      } else await on.abandon(of)
    }
  }
  await Promise.all(Array.from({ length: 32 }, (_, number) => caller(number)))
  assert.ok(claimed > finished && finished > 0 && finished <= 23, `${claimed} ${finished}`)
})

test('of 50 callers exactly one resumes a first call that died, and others wait for it', async () => {
  await one.claim(call('dead'))
  assert.equal(await outcome(two, call('dead')), 'idempotency_in_progress')
  await expire('dead')
  const claims = Array.from({ length: 50 }, (_, n) =>
    outcome(processes[n % 4] as typeof one, call('dead')),
  )
  assert.deepEqual(tally(await Promise.all(claims)), { idempotency_in_progress: 49, resumed: 1 })
  assert.equal(await outcome(two, call('dead', { n: 2 })), 'idempotency_key_reused')
})

test('the first answer stays, though a call that was thought dead answers later', async () => {
  await one.claim(call('slow'))
  await expire('slow')
  assert.equal(await outcome(two, call('slow')), 'resumed')
  await two.finish(call('slow'), REPLY)
  await one.finish(call('slow'), { status: 409, body: '{}', headers: {} })
  await one.abandon(call('slow'))
  assert.deepEqual(await one.claim(call('slow')), { kind: 'replay', reply: REPLY })
})

test('a key given back is first again, for any body', async () => {
  await one.claim(call('back'))
  await one.abandon(call('back'))
  assert.equal(await outcome(two, call('back', { n: 2 })), 'first')
})

test('many keys share a batch, each with its own answer', async () => {
  const keys = Array.from({ length: 700 }, (_, n) => `many-${n}`)
  const firsts = await Promise.all(keys.map((key) => outcome(one, call(key))))
  assert.deepEqual(tally(firsts), { first: 700 })
  await Promise.all(keys.map((key) => one.finish(call(key), { ...REPLY, body: `"${key}"` })))
  const replays = await Promise.all(keys.map((key) => two.claim(call(key))))
  assert.deepEqual(
    replays.map((replay) => (replay.kind === 'replay' ? replay.reply.body : replay.kind)),
    keys.map((key) => `"${key}"`),
  )
})

test('sweeping forgets what is old, in bounded rounds, and nothing else', async () => {
  await db.query({
    text: `insert into platform.idempotency_keys (scope, key, request_hash, state, lease_until, created_at)
           select 's', n::text, '', 'finished', now(), now() - interval '73 hours' from generate_series(1, 25000) n`,
  })
  await one.claim(call('young'))
  assert.equal(await one.sweep(72), 25_000)
  assert.equal(await one.sweep(72), 0)
  assert.equal(
    await one.claim(call('young')).catch((error: Problem) => error.code),
    'idempotency_in_progress',
  )
})

test('when the database is away a claim fails as such, and is claimed once it is back', async () => {
  const away = openDatabase({ url: new URL('/absent', url).href, log: silentLog, poolSize: 1 })
  const idempotency = createIdempotency({ db: away, clock: systemClock })
  await assert.rejects(idempotency.claim(call('away')), { code: '3D000' })
  await away.close()
  assert.equal(await outcome(one, call('away')), 'first')
})

test('requests are the same whatever the order and spelling of their members', () => {
  const hash = (body: unknown, path = '/a') =>
    Buffer.from(hashRequest('POST', path, body)).toString('hex')
  assert.equal(
    hash({ a: 1, b: { c: [1, 2], d: null } }),
    hash({ b: { d: null, c: [1, 2] }, a: 1.0 }),
  )
  assert.equal(hash({ a: undefined, b: 1 }), hash({ b: 1 }))
  const different = [
    { a: 1 },
    { a: '1' },
    { a: [1] },
    { a: null },
    {},
    [],
    null,
    '',
    undefined,
    { a: 1, b: 1 },
  ]
  assert.equal(new Set(different.map((body) => hash(body))).size, different.length)
  assert.notEqual(hash({}), hash({}, '/b'))
  assert.equal(canonicalJson({ z: 'ž', a: [{ y: 1, x: 2 }] }), '{"a":[{"x":2,"y":1}],"z":"ž"}')
})
