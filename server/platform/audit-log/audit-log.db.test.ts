import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { z } from 'zod'
import { generalProblem } from '#contracts/kit/problem.ts'
import { route } from '#contracts/kit/route.ts'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { type Actor, actorFor, type Principal } from '../http/actor.ts'
import { bind } from '../http/binding.ts'
import { createExecutor } from '../http/execute.ts'
import { createIdempotency } from '../idempotency.ts'
import { silentLog } from '../log.ts'
import { auditHead, chainAudit } from './chain.ts'
import { chainHash } from './entry.ts'
import { listAuditLog } from './list.ts'
import { auditChanges, createAuditTrail } from './record.ts'
import { verifyAuditLog } from './verify.ts'

const platform = await testPlatform()
const { db, ids } = platform
const clock = testClock()
const trail = createAuditTrail({ db, ids, clock, log: silentLog })

const changeThing = route({
  operation: 'changeThing',
  summary: 'A change',
  method: 'POST',
  path: '/things/:thingId',
  access: ['operator', 'customer'],
  traffic: 'admin',
  params: z.object({ thingId: z.string() }),
  body: z.looseObject({}),
  replies: { 200: z.object({}) },
  problems: ['conflict'],
  idempotency: 'accepted',
})
let seen: () => Promise<unknown> = async () => {}
const binding = bind(changeThing, async ({ body }) => {
  await seen()
  if ('refuse' in body) throw generalProblem('conflict')
  if ('break' in body) throw new Error('a bug')
  return { status: 200, body: {} }
})
const OPERATOR: Actor = { kind: 'operator', id: 'acc_1' }

const executorAs = (actor: Actor) =>
  createExecutor({
    idempotency: createIdempotency({ db, clock }),
    clock,
    log: silentLog,
    authenticate: async () => actor,
    audit: trail,
    checkReplies: true,
  })

function caller(actor: Actor) {
  const execute = executorAs(actor)
  return (body: unknown, headers: Record<string, string> = {}) =>
    execute(binding, {
      params: { thingId: 'thg_1' },
      query: {},
      body: JSON.stringify(body),
      headers,
      requestId: 'req_audited',
      remoteAddress: '127.0.0.1',
    })
}

const sql = (text: string, values: unknown[] = []) => db.query({ text, values })
/** What somebody may do who owns the database, and whom no trigger stops. */
async function tamper(text: string, values: unknown[] = []): Promise<void> {
  await sql('alter table platform.audit_log disable trigger user')
  await sql(text, values)
  await sql('alter table platform.audit_log enable trigger user')
}
const newest = async (limit = 100) =>
  (await listAuditLog(db, { before: Number.MAX_SAFE_INTEGER, limit })).toReversed()
const note = (action: string) =>
  trail.note({ actor: 'cli:test', action, entityId: null, details: {} })
async function fill(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await note(`step.${n}`)
  while ((await chainAudit(db)) > 0);
}

beforeEach(async () => {
  await tamper('delete from platform.audit_log')
  await sql('delete from platform.audit_queue')
  await sql(`update platform.audit_head set seq = 0, hash = decode(repeat('00', 32), 'hex')`)
})

test("staff's calls are kept with how they ended, once for a repeated key; a customer's are not", async () => {
  const operator = caller(OPERATOR)
  const key = { 'idempotency-key': 'again' }
  assert.equal((await operator({ amount: 5 }, key)).status, 200)
  assert.equal((await operator({ amount: 5 }, key)).status, 200)
  assert.equal((await operator({ refuse: true })).status, 409)
  assert.equal((await operator({ break: true })).status, 500)
  assert.equal((await caller({ kind: 'customer', id: 'acc_2' })({ amount: 5 })).status, 200)
  await chainAudit(db)
  const entries = await newest()
  assert.deepEqual(
    entries.map(({ actor, action, entityId, outcome, requestId }) => [
      actor,
      action,
      entityId,
      outcome,
      requestId,
    ]),
    ['done', 'refused conflict', 'failed'].map((outcome) => [
      'operator:acc_1',
      'changeThing',
      'thg_1',
      outcome,
      'req_audited',
    ]),
  )
})

const readThings = route({
  operation: 'readThings',
  summary: 'A list',
  method: 'GET',
  path: '/things/:thingId/parts',
  access: ['operator'],
  permission: 'finance.read',
  traffic: 'admin',
  params: z.object({ thingId: z.string() }),
  replies: { 200: z.object({}) },
})
const readBinding = bind(readThings, async () => ({ status: 200, body: {} }))
/** Calls what only those may who have the right, as an account with other rights. */
async function tryAs(actor: Actor, thingId = 'thg_1', binding = readBinding): Promise<number> {
  const reply = await executorAs(actor)(binding, {
    params: { thingId },
    query: { word: 'ada@example.com' },
    body: '',
    headers: {},
    requestId: 'req_refused',
    remoteAddress: '127.0.0.1',
  })
  return reply.status
}
const SUPPORT: Principal = { accountId: 'acc_7', operator: ['orders.read'], sellers: [] }
const SELLER: Principal = {
  accountId: 'acc_8',
  operator: [],
  sellers: [{ sellerId: 'sel_1', permissions: ['everything'] }],
}

test('staff who ask for what they may not are in the log, reading too; shoppers and guests are not', async () => {
  const thingId = ids.make('ord')
  for (const principal of [SUPPORT, SELLER, { ...SUPPORT, accountId: 'key_1', isProgram: true }])
    assert.equal(await tryAs(actorFor(principal, readThings), thingId), 403)
  assert.equal(await tryAs({ kind: 'customer', id: 'acc_9' }), 403)
  assert.equal(await tryAs({ kind: 'guest' }), 401)
  assert.equal(await trail.tellRefusals(), 3)
  while ((await chainAudit(db)) > 0);
  const entries = await newest()
  assert.deepEqual(
    entries
      .map(({ actor, action, entityId, outcome, requestId }) => [
        actor,
        action,
        entityId,
        outcome,
        requestId,
      ])
      .toSorted(),
    ['operator:acc_7', 'operator:key_1', 'seller:acc_8'].map((actor) => [
      actor,
      'readThings',
      thingId,
      'refused forbidden',
      'req_refused',
    ]),
  )
  const details = { params: { thingId }, query: { word: '(15 letters)' }, times: 1 }
  assert.deepEqual(entries[0]?.details, details)
  assert.deepEqual((await verifyAuditLog(db)).breaks, [])
})

test('what is no id is not kept of an attempt', async () => {
  await tryAs(actorFor(SUPPORT, readThings), 'ada@example.com')
  await trail.tellRefusals({ all: true })
  await chainAudit(db)
  const [entry] = await newest()
  assert.equal(entry?.entityId, null)
  assert.doesNotMatch(JSON.stringify(entry), /ada@/)
})

test('whoever is refused a thousand times fills no log: once at first, then once a minute with the number', async () => {
  const told = async () => {
    await trail.tellRefusals()
    while ((await chainAudit(db)) > 0);
    return (await newest()).map(({ details }) => details['times'])
  }
  const actor = actorFor({ ...SUPPORT, accountId: 'acc_flood' }, readThings)
  await tryAs(actor)
  assert.deepEqual(await told(), [1])
  for (let n = 0; n < 999; n += 1) await tryAs(actor)
  assert.deepEqual(await told(), [1])
  clock.advance(60_000)
  assert.deepEqual(await told(), [1, 999])
  clock.advance(60_000)
  assert.deepEqual(await told(), [1, 999], 'nothing new, nothing told')
  await tryAs(actor)
  assert.deepEqual(await told(), [1, 999, 1])
  assert.deepEqual((await verifyAuditLog(db)).breaks, [])
})

test('whoever tries everything there is, is told of fifty times and then by number', async () => {
  const actor = actorFor({ ...SUPPORT, accountId: 'acc_prober' }, readThings)
  for (let n = 0; n < 80; n += 1) {
    const operation = `probe${n}`
    await tryAs(actor, 'thg_1', { ...readBinding, route: { ...readThings, operation } })
  }
  await trail.tellRefusals()
  while ((await chainAudit(db)) > 0);
  const entries = await newest()
  assert.equal(entries.length, 51)
  const further = entries.find(({ action }) => action === 'further')
  assert.equal(further?.details['times'], 30)
})

test('what is kept of a body tells of no person and no secret', async () => {
  const orderId = ids.make('ord')
  const body = {
    amount: 500,
    currency: 'EUR',
    orderId,
    notify: false,
    name: 'Ada Lovelace',
    lines: [{ quantity: 2, note: 'her birthday' }],
    secret: 'hunter2-hunter2',
    'half\ud800': 1,
  }
  await caller(OPERATOR)(body)
  await chainAudit(db)
  const [entry] = await newest()
  assert.deepEqual(entry?.details, {
    params: { thingId: 'thg_1' },
    body: {
      amount: 500,
      currency: 'EUR',
      orderId,
      notify: false,
      name: '(12 letters)',
      lines: [{ quantity: 2, note: '(12 letters)' }],
      secret: '(15 letters)',
      'half\ufffd': 1,
    },
  })
})

test('a call is kept before it is done; where the process dies, its outcome is unknown', async () => {
  let waiting = 0
  seen = async () => {
    waiting = (await sql('select 1 from platform.audit_queue where outcome is null')).rows.length
  }
  await caller(OPERATOR)({})
  seen = async () => {}
  assert.equal(waiting, 1)
  await sql('update platform.audit_queue set outcome = null')
  assert.equal(await chainAudit(db), 0)
  await sql(`update platform.audit_queue set queued_at = now() - interval '11 minutes'`)
  assert.equal(await chainAudit(db), 1)
  assert.equal((await newest())[0]?.outcome, 'unknown')
})

test("a change is kept if and only if its transaction commits; machines' own are not", async () => {
  const change = { action: 'thing.updated', entityId: 'thg_1', diff: { price: [1, 2] as const } }
  await db.tx((tx) => auditChanges(tx, ids, [{ ...change, actor: 'operator:acc_1' }]))
  await db.tx((tx) => auditChanges(tx, ids, [{ ...change, actor: 'system:pictures' }]))
  const broken = db.tx(async (tx) => {
    await auditChanges(tx, ids, [{ ...change, actor: 'operator:acc_9' }])
    throw new Error('rolled back')
  })
  await assert.rejects(broken, /rolled back/)
  await chainAudit(db)
  const entries = await newest()
  assert.deepEqual(
    entries.map(({ actor, details }) => [actor, details]),
    [['operator:acc_1', { diff: { price: [1, 2] } }]],
  )
})

test('several writers at once make one chain without gaps, each entry in it once', async () => {
  const noted = Array.from({ length: 60 }, (_, n) => note(`step.${n}`))
  const chained = Array.from({ length: 20 }, () => chainAudit(db))
  await Promise.all([...noted, ...chained])
  while ((await chainAudit(db)) > 0);
  const verdict = await verifyAuditLog(db)
  assert.deepEqual(
    { entries: verdict.entries, breaks: verdict.breaks },
    { entries: 60, breaks: [] },
  )
  assert.equal(new Set((await newest()).map(({ action }) => action)).size, 60)
})

test('the log refuses to be changed', async () => {
  await fill(2)
  for (const text of [
    `update platform.audit_log set entry = '{}'`,
    'delete from platform.audit_log',
    'truncate platform.audit_log',
  ])
    await assert.rejects(sql(text), /append-only/)
  assert.deepEqual((await verifyAuditLog(db)).breaks, [])
})

test('an entry that was changed is found, and which', async () => {
  await fill(5)
  await tamper(
    `update platform.audit_log set entry = replace(entry, 'step.', 'leap.') where seq = 3`,
  )
  assert.deepEqual((await verifyAuditLog(db)).breaks, [{ seq: 3, what: 'is not what was written' }])
})

test('an entry that was removed is found, and where', async () => {
  await fill(5)
  await tamper('delete from platform.audit_log where seq = 3')
  const [first] = (await verifyAuditLog(db)).breaks
  assert.deepEqual(first, { seq: 4, what: 'follows 2: entries between them are missing' })
})

test('an entry changed together with its own hash breaks at the next one', async () => {
  await fill(5)
  const { rows } = await sql('select * from platform.audit_log where seq = 3')
  const { entry, prev_hash: previous } = rows[0] as { entry: string; prev_hash: Uint8Array }
  const forged = entry.replace('step.', 'leap.')
  await tamper('update platform.audit_log set entry = $1, hash = $2 where seq = 3', [
    forged,
    chainHash(previous, 3, forged),
  ])
  const { breaks } = await verifyAuditLog(db)
  assert.deepEqual(breaks, [{ seq: 4, what: 'does not continue the entry before it' }])
})

test('a removed tail is missed by the head, and by a published head where the head was changed too', async () => {
  await fill(5)
  const published = await auditHead(db)
  await tamper('delete from platform.audit_log where seq > 3')
  const cut = await verifyAuditLog(db)
  assert.deepEqual(cut.breaks, [{ seq: 3, what: 'is the last, but the log ended at 5' }])
  await sql(`update platform.audit_head set seq = 3,
    hash = (select hash from platform.audit_log where seq = 3)`)
  assert.deepEqual((await verifyAuditLog(db)).breaks, [])
  const told = await verifyAuditLog(db, [published])
  assert.deepEqual(told.breaks, [{ seq: 3, what: 'is the last, but a head of 5 was published' }])
  await fill(4)
  const regrown = await verifyAuditLog(db, [published])
  assert.deepEqual(regrown.breaks, [{ seq: 5, what: 'is not what was published' }])
})

test('lists go back by pages, of all or of one actor, action or entity', async () => {
  await fill(7)
  await caller(OPERATOR)({ amount: 1 })
  await chainAudit(db)
  const first = await listAuditLog(db, { before: Number.MAX_SAFE_INTEGER, limit: 3 })
  assert.deepEqual(
    first.map(({ seq }) => seq),
    [8, 7, 6],
  )
  const rest = await listAuditLog(db, { before: 6, limit: 3 })
  assert.deepEqual(
    rest.map(({ seq }) => seq),
    [5, 4, 3],
  )
  for (const [field, value] of [
    ['actor', 'operator:acc_1'],
    ['action', 'step.2'],
    ['entityId', 'thg_1'],
  ] as const) {
    const found = await listAuditLog(db, { by: { field, value }, before: 100, limit: 9 })
    assert.deepEqual(
      found.map((entry) => entry[field]),
      [value],
    )
  }
})
