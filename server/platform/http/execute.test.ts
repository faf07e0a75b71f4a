import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { z } from 'zod'
import { Money } from '#contracts/kit/money.ts'
import { page, queryBool, queryInt } from '#contracts/kit/page.ts'
import { generalProblem, Problem, ProblemDetails, problems } from '#contracts/kit/problem.ts'
import { type Access, type RouteSpec, route } from '#contracts/kit/route.ts'
import { BatcherFull } from '../batcher.ts'
import { systemClock } from '../clock.ts'
import type { Claim, Idempotency, IdempotentCall, KeptReply } from '../idempotency.ts'
import { type Log, silentLog } from '../log.ts'
import { type Actor, GUEST } from './actor.ts'
import { type Binding, bind, type CallContext } from './binding.ts'
import { createExecutor, fillPath } from './execute.ts'
import type { RawReply, RawRequest } from './raw.ts'

const testProblem = problems({ 'test.sold_out': [409, 'It is sold out'] })

const CUSTOMER: Actor = { kind: 'customer', id: 'cus_1' }
const SELLER: Actor = { kind: 'seller', id: 'usr_1', sellerIds: ['sel_1'] }
const OPERATOR: Actor = { kind: 'operator', id: 'api-key' }

function databaseError(code: string): Error {
  return Object.assign(new pg.DatabaseError('canceled', 0, 'error'), { code })
}

/** Keys in memory, and what was asked of them. */
function memoryKeys(): Idempotency & { calls: string[]; kept: Map<string, KeptReply> } {
  const claimed = new Map<string, IdempotentCall>()
  const kept = new Map<string, KeptReply>()
  const calls: string[] = []
  const name = (call: IdempotentCall) => `${call.scope}|${call.key}`
  return {
    calls,
    kept,
    async claim(call): Promise<Claim> {
      calls.push('claim')
      const first = claimed.get(name(call))
      if (!first) {
        claimed.set(name(call), call)
        return { kind: 'first' }
      }
      if (Buffer.compare(first.requestHash, call.requestHash) !== 0)
        throw generalProblem('idempotency_key_reused')
      const reply = kept.get(name(call))
      if (!reply) throw generalProblem('idempotency_in_progress', { retryAfterSeconds: 1 })
      return { kind: 'replay', reply }
    },
    async finish(call, reply) {
      calls.push('finish')
      kept.set(name(call), reply)
    },
    async abandon(call) {
      calls.push('abandon')
      claimed.delete(name(call))
    },
    sweep: async () => 0,
  }
}

type Setup = Readonly<{ actor?: Actor; checkReplies?: boolean; log?: Log }>

function setUp({ actor = GUEST, checkReplies = true, log = silentLog }: Setup = {}) {
  const keys = memoryKeys()
  const execute = createExecutor({
    idempotency: keys,
    clock: systemClock,
    log,
    checkReplies,
    authenticate: async () => actor,
  })
  return { keys, execute }
}

const request = (given: Partial<RawRequest> = {}): RawRequest => ({
  params: {},
  query: {},
  body: '',
  headers: {},
  requestId: 'request-1',
  remoteAddress: '127.0.0.1',
  ...given,
})

const json = (reply: RawReply) => JSON.parse(String(reply.body))

const open = { access: ['public'], traffic: 'browse' } as const

const buy = route({
  operation: 'buyThing',
  summary: 'Buy',
  method: 'POST',
  path: '/api/v1/things/:thingId/buy',
  ...open,
  params: z.strictObject({ thingId: z.string().max(20) }),
  query: z.strictObject({ limit: queryInt(1, 100).optional(), quick: queryBool.optional() }),
  body: z.strictObject({
    lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })).max(3),
    price: Money.optional(),
    note: z.json().optional(),
  }),
  replies: { 201: z.strictObject({ id: z.string() }) },
  problems: ['test.sold_out'],
  idempotency: 'required',
})

const LINES = { lines: [{ sku: 'A', quantity: 1 }] }

const buying = (given: Partial<RawRequest> = {}, body: unknown = LINES) =>
  request({
    params: { thingId: 'thg_1' },
    headers: { 'idempotency-key': 'key-1' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...given,
  })

function buyBinding(handle = async (_context: CallContext) => ({ id: 'ord_1' })) {
  let calls = 0
  const binding = bind(buy, async (_input, context) => {
    calls += 1
    return { status: 201, body: await handle(context), headers: { location: '/things/1' } }
  })
  return { binding, calls: () => calls }
}

const ACTORS = { guest: GUEST, customer: CUSTOMER, seller: SELLER, operator: OPERATOR }
const ALLOWED: readonly (readonly [access: readonly Access[], who: readonly string[]])[] = [
  [['public'], ['guest', 'customer', 'seller', 'operator']],
  [['holder'], ['guest', 'customer', 'seller', 'operator']],
  [['provider'], ['guest', 'customer', 'seller', 'operator']],
  [['customer'], ['customer']],
  [['seller'], ['seller']],
  [['operator'], ['operator']],
  [
    ['seller', 'operator'],
    ['seller', 'operator'],
  ],
  [
    ['customer', 'holder'],
    ['guest', 'customer', 'seller', 'operator'],
  ],
  [[], []],
]

for (const [access, allowed] of ALLOWED) {
  test(`a route of ${access.join(' or ') || 'nobody'} is open to ${allowed.join(', ') || 'nobody'}`, async () => {
    for (const [name, actor] of Object.entries(ACTORS)) {
      let called = false
      const spec: RouteSpec = {
        operation: 'x',
        summary: 'x',
        method: 'POST',
        path: '/x',
        traffic: 'browse',
        access,
        body: z.strictObject({}),
        replies: { 200: z.strictObject({}) },
      }
      const binding: Binding = {
        route: spec,
        async handle(_input, context) {
          called = true
          assert.equal(context.actor, actor)
          return { status: 200, body: {} }
        },
      }
      const reply = await setUp({ actor }).execute(binding, request({ body: '{}' }))
      const may = allowed.includes(name)
      const refused = name === 'guest' ? 401 : 403
      assert.equal(reply.status, may ? 200 : refused, name)
      assert.equal(reply.headers['www-authenticate'], reply.status === 401 ? 'Bearer' : undefined)
      assert.equal(called, may)
      if (may) continue
      // Who may not call does not learn what would be valid.
      const invalid = await setUp({ actor }).execute(binding, request({ body: '{"x":1}' }))
      assert.equal(invalid.status, refused)
    }
  })
}

const INVALID: readonly (readonly [what: string, given: RawRequest, paths: readonly string[]])[] = [
  [
    'a nested field',
    buying({}, { lines: [{ sku: 'A', quantity: 0 }] }),
    ['body.lines[0].quantity'],
  ],
  [
    'several fields',
    buying({}, { lines: [{ sku: 1, quantity: 1.5 }], price: { amount: '1', currency: 'EUR' } }),
    ['body.lines[0].sku', 'body.lines[0].quantity', 'body.price.amount'],
  ],
  ['a missing body', buying({}, ''), ['body']],
  ['unknown fields', buying({}, { ...LINES, total: 1, paid: true }), ['body.total', 'body.paid']],
  [
    'an unknown field deep down',
    buying({}, { lines: [{ sku: 'A', quantity: 1, price: 1 }] }),
    ['body.lines[0].price'],
  ],
  ['a path parameter', buying({ params: { thingId: 'x'.repeat(21) } }), ['params.thingId']],
  [
    'query parameters',
    buying({ query: { limit: '0', quick: 'yes' } }),
    ['query.limit', 'query.quick'],
  ],
  ['an unknown query parameter', buying({ query: { sort: 'x' } }), ['query.sort']],
  ['a repeated query parameter', buying({ query: { limit: ['1', '2'] } }), ['query.limit']],
  ['a number that is none', buying({ query: { limit: '1e1' } }), ['query.limit']],
  [
    'body, query and path at once',
    buying({ params: {}, query: { quick: '' } }, { lines: {} }),
    ['params.thingId', 'query.quick', 'body.lines'],
  ],
]

for (const [what, given, paths] of INVALID) {
  test(`${what}: refused, telling where, and nothing is done or kept`, async () => {
    const { execute, keys } = setUp()
    const { binding, calls } = buyBinding()
    const reply = await execute(binding, given)
    assert.equal(reply.status, 400)
    assert.equal(json(reply).code, 'validation_failed')
    assert.deepEqual(
      json(reply).errors.map((error: { path: string }) => error.path),
      paths,
    )
    assert.deepEqual([calls(), keys.calls], [0, []])
  })
}

for (const [text, path] of [
  ['{"__proto__": {"admin": true}}', 'body'],
  ['{"\\u005f_proto__": {"admin": true}}', 'body'],
  ['{"lines": [{"constructor": {"prototype": 1}}]}', 'body.lines[0]'],
  ['{"note": {"a": {"prototype" : 1}}}', 'body.note.a'],
] as const) {
  test(`a reserved name is refused: ${text}`, async () => {
    const reply = await setUp().execute(buyBinding().binding, buying({}, text))
    assert.equal(reply.status, 400)
    assert.deepEqual(json(reply).errors, [{ path, message: 'has a member with a reserved name' }])
    assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
  })
}

test('a reserved word is a word like others where it is no name', async () => {
  const body = { lines: [{ sku: '__proto__', quantity: 1 }], note: '"constructor": {}' }
  assert.equal((await setUp().execute(buyBinding().binding, buying({}, body))).status, 201)
})

test('the character that the database keeps in no text is refused wherever it stands', async () => {
  const body = { lines: [{ sku: 'a\0b', quantity: 1 }] }
  const inBody = await setUp().execute(buyBinding().binding, buying({}, body))
  const inQuery = await setUp().execute(buyBinding().binding, buying({ query: { q: 'a\0' } }))
  for (const [reply, path] of [
    [inBody, 'body.lines[0].sku'],
    [inQuery, 'query.q'],
  ] as const) {
    assert.equal(reply.status, 400)
    const message = 'has the character U+0000, which no text may have'
    assert.deepEqual(json(reply).errors, [{ path, message }])
  }
})

test('bottomless nesting is refused before anything walks into it', async () => {
  const deep = (levels: number) => `{"lines":[],"note":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const { execute } = setUp()
  assert.equal((await execute(buyBinding().binding, buying({}, deep(60)))).status, 201)
  const reply = await execute(buyBinding().binding, buying({}, deep(30_000)))
  assert.equal(reply.status, 400)
  assert.match(json(reply).errors[0].message, /nested deeper than/)
})

for (const text of ['{', '{"lines": [1,]}', "{'a': 1}", 'undefined', '\u0000']) {
  test(`malformed JSON is told as such: ${JSON.stringify(text)}`, async () => {
    const reply = await setUp().execute(buyBinding().binding, buying({}, text))
    assert.equal(json(reply).code, 'malformed_json')
    assert.deepEqual(json(reply).errors, [{ path: 'body', message: 'is not valid JSON' }])
  })
}

test('a required key must be there and be visible ASCII of 255 letters at most', async () => {
  const { binding, calls } = buyBinding()
  const { execute } = setUp()
  const missing = await execute(binding, buying({ headers: {} }))
  assert.equal(json(missing).code, 'idempotency_key_required')
  for (const key of ['two words', 'ž', 'x'.repeat(256)]) {
    const reply = await execute(binding, buying({ headers: { 'idempotency-key': key } }))
    assert.deepEqual(json(reply).errors[0].path, 'headers.Idempotency-Key')
  }
  assert.equal(calls(), 0)
  const longest = buying({ headers: { 'idempotency-key': '~'.repeat(255) } })
  assert.equal((await execute(binding, longest)).status, 201)
})

test('the second call with a key gets the first answer, byte by byte, and says so', async () => {
  const { binding, calls } = buyBinding()
  const { execute } = setUp()
  const first = await execute(binding, buying())
  const second = await execute(binding, buying())
  assert.equal(calls(), 1)
  assert.deepEqual(second, {
    ...first,
    headers: { ...first.headers, 'idempotent-replayed': 'true' },
  })
  assert.equal(first.headers['idempotent-replayed'], undefined)
  assert.equal(first.headers['location'], '/things/1')
  const other = await execute(binding, buying({}, { lines: [] }))
  assert.equal(json(other).code, 'idempotency_key_reused')
  const elsewhere = await execute(binding, buying({ params: { thingId: 'thg_2' } }))
  assert.equal(elsewhere.headers['idempotent-replayed'], undefined)
  assert.equal(calls(), 2)
})

test('keys of different callers never meet', async () => {
  const keys = memoryKeys()
  const { binding, calls } = buyBinding()
  for (const actor of Object.values(ACTORS)) {
    const deps = { idempotency: keys, clock: systemClock, log: silentLog, checkReplies: true }
    const execute = createExecutor({ ...deps, authenticate: async () => actor })
    assert.equal((await execute(binding, buying())).status, 201)
  }
  assert.equal(calls(), 4)
})

test('a key that is accepted may be left out, then nothing is kept', async () => {
  const { execute, keys } = setUp()
  const { binding } = buyBinding()
  const accepting = { ...binding, route: { ...buy, idempotency: 'accepted' as const } }
  assert.equal((await execute(accepting, buying({ headers: {} }))).status, 201)
  assert.deepEqual(keys.calls, [])
  await execute(accepting, buying())
  assert.deepEqual(keys.calls, ['claim', 'finish'])
})

test('a refusal by the handler is kept and replayed', async () => {
  const { execute, keys } = setUp()
  const { binding, calls } = buyBinding(async () => {
    throw testProblem('test.sold_out', { data: { left: 0 } })
  })
  const [first, second] = [await execute(binding, buying()), await execute(binding, buying())]
  assert.deepEqual([first.status, json(first).code, json(first).left], [409, 'test.sold_out', 0])
  assert.equal(second.body, first.body)
  assert.equal(second.headers['idempotent-replayed'], 'true')
  assert.deepEqual([calls(), keys.calls], [1, ['claim', 'finish', 'claim']])
})

test('a card number in what a shopper sends is refused where it stands; staff may write any number', async () => {
  const noted = (access: readonly Access[]): Binding => ({
    route: {
      operation: 'note',
      summary: 'Note',
      method: 'POST',
      path: '/api/v1/notes',
      traffic: 'browse',
      access,
      body: z.strictObject({ notes: z.array(z.string()) }),
      replies: { 200: z.undefined() },
    },
    handle: async () => ({ status: 200, body: undefined }),
  })
  const given = request({ body: JSON.stringify({ notes: ['gift', 'pay 4111 1111 1111 1111'] }) })
  const { execute } = setUp({ actor: OPERATOR })
  const refused = await execute(noted(['public', 'operator']), given)
  assert.deepEqual([refused.status, json(refused).errors[0].path], [400, 'body.notes[1]'])
  assert.ok(!String(refused.body).includes('4111'))
  assert.equal((await execute(noted(['operator']), given)).status, 200)
})

test('what the handler finds not valid is not kept: mended, it may come by the same key', async () => {
  let isValid = false
  const { execute, keys } = setUp()
  const { binding } = buyBinding(async () => {
    if (!isValid) throw generalProblem('validation_failed')
    return { id: 'ord_2' }
  })
  assert.equal((await execute(binding, buying())).status, 400)
  isValid = true
  assert.equal((await execute(binding, buying())).status, 201)
  assert.deepEqual(keys.calls, ['claim', 'abandon', 'claim', 'finish'])
})

const PASSING: readonly (readonly [
  what: string,
  error: unknown,
  status: number,
  after?: string,
])[] = [
  ['a bug', new Error('at /srv/secret.ts:5'), 500],
  ['something thrown that is no error', 'text', 500],
  ['a full queue', new BatcherFull('x'), 503, '1'],
  ['a lost database', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503, '2'],
  ['a lock not had in time', databaseError('55P03'), 503, '2'],
  ['a statement that took too long', databaseError('57014'), 503, '2'],
  ['a full disk', databaseError('53100'), 503, '2'],
  ['too many requests', generalProblem('rate_limited', { retryAfterSeconds: 7 }), 429, '7'],
]

for (const [what, error, status, after] of PASSING) {
  test(`after ${what} the key is given back, and a retry runs again`, async () => {
    let failing = true
    const { execute, keys } = setUp()
    const { binding } = buyBinding(async () => {
      if (failing) throw error
      return { id: 'ord_2' }
    })
    const reply = await execute(binding, buying())
    assert.deepEqual([reply.status, reply.headers['retry-after']], [status, after])
    assert.equal(json(reply).retryable, status !== 500)
    assert.deepEqual(keys.calls, ['claim', 'abandon'])
    failing = false
    assert.equal((await execute(binding, buying())).status, 201)
  })
}

test('the inside of an error goes to the log, and nowhere else', async () => {
  const logged: unknown[] = []
  const log = { ...silentLog, error: (facts: object) => void logged.push(facts) }
  const { execute } = setUp({ log })
  const { binding } = buyBinding(async () => {
    throw new Error('relation "orders" at /srv/secret.ts:5')
  })
  const reply = await execute(binding, buying())
  assert.deepEqual(json(reply), {
    type: '/problems/internal',
    title: 'Something went wrong on our side',
    status: 500,
    detail: 'Something went wrong on our side',
    code: 'internal',
    requestId: 'request-1',
    retryable: false,
  })
  assert.match(JSON.stringify(logged), /secret\.ts/)
})

test('every refusal is problem+json that is not cached, its own members winning over data', async () => {
  const { execute } = setUp()
  const { binding } = buyBinding(async () => {
    throw testProblem('test.sold_out', {
      detail: 'Two were left',
      data: { status: 'mine', code: 'mine', left: 2 },
      errors: [{ path: 'body.lines[0]', message: 'is sold out' }],
    })
  })
  const reply = await execute(binding, buying())
  assert.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(reply.headers['cache-control'], 'no-store')
  const body = json(reply)
  assert.ok(ProblemDetails.safeParse(body).success)
  assert.deepEqual(
    [body.type, body.status, body.code, body.detail, body.left, body.errors.length],
    ['/problems/test.sold_out', 409, 'test.sold_out', 'Two were left', 2, 1],
  )
})

const list = route({
  operation: 'listThings',
  summary: 'List',
  method: 'GET',
  path: '/api/v1/things',
  ...open,
  cacheSeconds: 60,
  replies: { 200: page(z.strictObject({ id: z.string() })), 304: z.undefined() },
})

test('a reply that is JSON already is sent as it is, and still checked', async () => {
  const { execute } = setUp()
  const rawJson = '{ "items": [], "nextCursor": null }'
  for (const raw of [rawJson, Buffer.from(rawJson)]) {
    const binding = bind(list, async () => ({ status: 200, body: { rawJson: raw } }))
    const reply = await execute(binding, request())
    assert.equal(reply.body, raw)
    assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
    assert.match(reply.headers['cache-control'] ?? '', /^public, max-age=0, s-maxage=60/)
  }
  const wrong = bind(list, async () => ({ status: 200, body: { rawJson: '{"items":[]}' } }))
  assert.equal((await execute(wrong, request())).status, 500)
})

test('an empty reply has no content type', async () => {
  const binding = bind(list, async () => ({ status: 304, body: undefined }))
  const reply = await setUp().execute(binding, request())
  assert.deepEqual([reply.status, reply.body, reply.headers['content-type']], [304, '', undefined])
})

for (const [what, status, body] of [
  ['with a field too many', 200, { items: [{ id: 'a', cost: 1 }], nextCursor: null }],
  ['with a field too few', 200, { items: [] }],
  ['of a status that the contract omits', 202, {}],
] as const) {
  test(`a reply ${what} is a bug where replies are checked`, async () => {
    const binding: Binding = { route: list, handle: async () => ({ status, body }) }
    const logged: object[] = []
    const log = { ...silentLog, error: (facts: object) => void logged.push(facts) }
    assert.equal((await setUp({ log }).execute(binding, request())).status, 500)
    assert.match(JSON.stringify(logged), /listThings (broke its contract|answered 202)/)
    const unchecked = await setUp({ checkReplies: false }).execute(binding, request())
    assert.equal(unchecked.status, status)
  })
}

test('a refusal that the contract omits is a bug where replies are checked', async () => {
  const handle: Binding['handle'] = async () => {
    throw new Problem('things.sold_out', 409, 'Sold out')
  }
  const answer = async (route: Binding['route'], checkReplies = true) =>
    (await setUp({ checkReplies }).execute({ route, handle }, request())).status
  assert.equal(await answer(list), 500)
  assert.equal(await answer(list, false), 409)
  assert.equal(await answer({ ...list, problems: ['things.sold_out'] }), 409)
})

test('a path is filled with what cannot leave its place', () => {
  assert.equal(fillPath('/a/:one/b/:two', { one: '../x', two: 'ž /' }), '/a/..%2Fx/b/%C5%BE%20%2F')
})
