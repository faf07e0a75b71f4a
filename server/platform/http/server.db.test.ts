import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { z } from 'zod'
import { ProblemDetails } from '#contracts/kit/problem.ts'
import { route } from '#contracts/kit/route.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { seededChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { openDatabase } from '../db/database.ts'
import { createIdempotency } from '../idempotency.ts'
import { silentLog } from '../log.ts'
import { createAuthenticator } from './authenticate.ts'
import { bind } from './binding.ts'
import { createExecutor } from './execute.ts'
import { serveHostRoutes } from './host-routes.ts'
import { createHttpServer, serveBindings } from './server.ts'

const platform = await testPlatform({ poolSize: 4 })

const base = { summary: 'x', access: ['public'], traffic: 'browse' } as const
const makeNote = route({
  ...base,
  operation: 'makeNote',
  method: 'POST',
  path: '/api/v1/notes',
  body: z.strictObject({ text: z.string().max(200_000) }),
  replies: { 201: z.strictObject({ length: z.int() }) },
  idempotency: 'accepted',
})
const readNote = route({
  ...base,
  operation: 'readNote',
  method: 'GET',
  path: '/api/v1/notes/:noteId',
  params: z.strictObject({ noteId: z.string().max(40) }),
  query: z.strictObject({ q: z.string().optional() }),
  replies: { 200: z.strictObject({ id: z.string(), address: z.string() }), 304: z.undefined() },
})
const listNotes = route({
  ...base,
  operation: 'listNotes',
  method: 'GET',
  path: '/api/v1/kept-notes',
  replies: { 200: z.strictObject({ made: z.int() }) },
  cacheSeconds: 60,
})
const bigNote = route({
  ...makeNote,
  operation: 'makeBigNote',
  path: '/api/v1/big-notes',
  bodyLimitBytes: 150_000,
})
const adminNote = route({
  ...base,
  operation: 'adminNote',
  access: ['operator'],
  method: 'DELETE',
  path: '/api/v1/notes/:noteId',
  params: z.strictObject({ noteId: z.string() }),
  replies: { 204: z.undefined() },
})

let notesMade = 0

function createApp() {
  const app = createHttpServer({ log: silentLog, chance: seededChance(1) })
  const execute = createExecutor({
    idempotency: createIdempotency({ db: platform.db, clock: systemClock }),
    clock: systemClock,
    log: silentLog,
    checkReplies: true,
    authenticate: createAuthenticator({ operatorKey: 'the-operators-key' }).authenticate,
  })
  const make = async ({ body }: { body: { text: string } }) => {
    notesMade += 1
    return { status: 201 as const, body: { length: body.text.length } }
  }
  serveBindings(
    app,
    [
      bind(makeNote, make),
      bind(bigNote, make),
      bind(readNote, async ({ params, query }, { remoteAddress }) =>
        query.q === 'same'
          ? { status: 304, body: undefined }
          : { status: 200, body: { id: params.noteId, address: remoteAddress } },
      ),
      bind(adminNote, async () => ({ status: 204, body: undefined })),
      bind(listNotes, async () => ({ status: 200, body: { made: 7 } })),
    ],
    execute,
  )
  return app
}

const app = createApp()
const JSON_HEADERS = { 'content-type': 'application/json' }
const post = (
  payload: string,
  headers: Record<string, string> = JSON_HEADERS,
  url = '/api/v1/notes',
) => app.inject({ method: 'POST', url, headers, payload })

test('a call is answered, with an id of the request and no guessing of types', async () => {
  const reply = await post('{"text":"hi"}')
  assert.deepEqual([reply.statusCode, reply.json()], [201, { length: 2 }])
  assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(reply.headers['x-content-type-options'], 'nosniff')
  assert.match(String(reply.headers['x-request-id']), /^[\w-]{13,}$/)
  const next = await post('{"text":"hi"}')
  assert.notEqual(next.headers['x-request-id'], reply.headers['x-request-id'])
})

const GIVEN_IDS = [
  ['from-the-client_1', true],
  ['short', false],
  ['x'.repeat(65), false],
  ['has spaces in it', false],
  ['<script>alert(1)</script>', false],
] as const

for (const [id, kept] of GIVEN_IDS) {
  test(`the request id ${JSON.stringify(id)} is ${kept ? 'kept' : 'replaced'}`, async () => {
    const reply = await app.inject({ url: '/nowhere', headers: { 'x-request-id': id } })
    assert.equal(reply.headers['x-request-id'] === id, kept)
    assert.equal(reply.json().requestId, reply.headers['x-request-id'])
  })
}

const REFUSED: readonly (readonly [
  what: string,
  ask: InjectOptions,
  status: number,
  code: string,
])[] = [
  ['an unknown path', { url: '/api/v1/nothing' }, 404, 'not_found'],
  ['another method', { method: 'PUT', url: '/api/v1/notes/x' }, 405, 'method_not_allowed'],
  ['an address that cannot be decoded', { url: '/api/v1/notes/%zz' }, 400, 'validation_failed'],
  [
    'a path parameter of great length',
    { url: `/api/v1/notes/${'x'.repeat(600)}` },
    400,
    'validation_failed',
  ],
  [
    'a body of another type',
    {
      method: 'POST',
      url: '/api/v1/notes',
      headers: { 'content-type': 'text/plain' },
      payload: '{}',
    },
    415,
    'unsupported_media_type',
  ],
  [
    'a form',
    {
      method: 'POST',
      url: '/api/v1/notes',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'text=hi',
    },
    415,
    'unsupported_media_type',
  ],
  [
    'a body that is too large',
    {
      method: 'POST',
      url: '/api/v1/notes',
      headers: JSON_HEADERS,
      payload: `{"text":"${'x'.repeat(70_000)}"}`,
    },
    413,
    'payload_too_large',
  ],
  [
    'malformed JSON',
    { method: 'POST', url: '/api/v1/notes', headers: JSON_HEADERS, payload: '{"text":' },
    400,
    'malformed_json',
  ],
  [
    'no body',
    { method: 'POST', url: '/api/v1/notes', headers: JSON_HEADERS },
    400,
    'validation_failed',
  ],
  [
    'a wrong credential',
    { url: '/api/v1/notes/x', headers: { authorization: 'Bearer wrong' } },
    401,
    'unauthenticated',
  ],
  [
    'a credential of another scheme',
    { url: '/api/v1/notes/x', headers: { authorization: 'Basic dGhlOm9wZXJhdG9y' } },
    401,
    'unauthenticated',
  ],
  ['no credential', { method: 'DELETE', url: '/api/v1/notes/x' }, 401, 'unauthenticated'],
]

for (const [what, ask, status, code] of REFUSED) {
  test(`${what} is ${status} ${code}, as problem+json with a request id`, async () => {
    const before = notesMade
    const reply = await app.inject(ask)
    assert.equal(reply.statusCode, status, reply.body)
    assert.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
    const problem = ProblemDetails.parse(reply.json())
    assert.deepEqual([problem.code, problem.status], [code, status])
    assert.equal(problem.requestId, reply.headers['x-request-id'])
    assert.equal(notesMade, before)
  })
}

test('405 tells what is allowed', async () => {
  const reply = await app.inject({ method: 'PATCH', url: '/api/v1/notes/x' })
  assert.equal(reply.headers['allow'], 'GET, DELETE')
})

test('a route may allow larger bodies than others', async () => {
  const payload = `{"text":"${'x'.repeat(100_000)}"}`
  assert.equal((await post(payload, JSON_HEADERS, '/api/v1/big-notes')).statusCode, 201)
  const larger = `{"text":"${'x'.repeat(200_000)}"}`
  assert.equal((await post(larger, JSON_HEADERS, '/api/v1/big-notes')).statusCode, 413)
})

test('the operator is known by the key; an address is believed only from a proxy of this machine', async () => {
  const authorization = 'Bearer the-operators-key'
  const removed = await app.inject({
    method: 'DELETE',
    url: '/api/v1/notes/x',
    headers: { authorization },
  })
  assert.deepEqual([removed.statusCode, removed.body], [204, ''])
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const near = await app.inject({ url: '/api/v1/notes/x', headers })
  assert.equal(near.json().address, '203.0.113.9')
  const far = await app.inject({ url: '/api/v1/notes/x', headers, remoteAddress: '198.51.100.7' })
  assert.equal(far.json().address, '198.51.100.7')
})

test('parameters are decoded, an empty answer has no body, HEAD answers like GET without it', async () => {
  const read = await app.inject({ url: '/api/v1/notes/%C5%BE%2Fx/?q=1' })
  assert.equal(read.json().id, 'ž/x')
  const same = await app.inject({ url: '/api/v1/notes/x?q=same' })
  assert.deepEqual([same.statusCode, same.body, same.headers['content-type']], [304, '', undefined])
  const head = await app.inject({ method: 'HEAD', url: '/api/v1/notes/x' })
  assert.deepEqual([head.statusCode, head.body], [200, ''])
})

test('of 50 posts with one key one is done, and a later one gets its bytes', async () => {
  const before = notesMade
  const headers = { ...JSON_HEADERS, 'idempotency-key': 'one-click' }
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => post('{"text":"once"}', headers)),
  )
  assert.equal(notesMade, before + 1)
  for (const reply of replies.filter((one) => one.statusCode !== 201)) {
    assert.deepEqual([reply.statusCode, reply.headers['retry-after']], [409, '1'])
    assert.equal(reply.json().code, 'idempotency_in_progress')
  }
  const replay = await post('{ "text" : "once" }', headers)
  assert.deepEqual([replay.statusCode, replay.json()], [201, { length: 4 }])
  assert.equal(replay.headers['idempotent-replayed'], 'true')
  assert.equal((await post('{"text":"other"}', headers)).statusCode, 422)
  assert.equal(notesMade, before + 1)
})

test('the host is told when to send requests, and how it does', async (t) => {
  const db = openDatabase({ url: platform.url, log: silentLog, poolSize: 1 })
  const host = createApp()
  const health = serveHostRoutes(host, {
    db,
    document: { openapi: '3.1.0' },
  })
  t.after(() => host.close())
  const ready = async () => {
    const reply = await host.inject({ url: '/health/ready' })
    return [reply.statusCode, reply.json().status]
  }
  assert.deepEqual((await host.inject({ url: '/health/live' })).json(), { status: 'live' })
  assert.deepEqual(await ready(), [503, 'starting'])
  health.setReady()
  assert.deepEqual(await ready(), [200, 'ready'])

  await platform.db.query({
    text: `insert into platform.consumer_cursors (consumer, source, position) values ('test.lags', 'main', 0);
           update platform.event_head set position = 7`,
  })
  await host.inject({ url: '/api/v1/notes/some-id' })
  const metrics = (await host.inject({ url: '/metrics' })).body
  assert.match(metrics, /stoa_consumer_lag_events\{consumer="test\.lags"\} 7/)
  assert.match(metrics, /stoa_parked_events 0/)
  assert.match(
    metrics,
    /stoa_http_request_seconds_count\{method="GET",route="\/api\/v1\/notes\/:noteId",status="200"\} 1/,
  )
  assert.ok(!metrics.includes('some-id'))
  assert.deepEqual((await host.inject({ url: '/api/openapi.json' })).json(), { openapi: '3.1.0' })

  await db.close()
  assert.deepEqual(await ready(), [503, 'database unreachable'])
  assert.equal((await host.inject({ url: '/metrics' })).statusCode, 200)
  assert.equal((await host.inject({ url: '/health/live' })).statusCode, 200)
  health.setStopping()
  assert.deepEqual(await ready(), [503, 'stopping'])
})

test('what caches keep is not sent again to whom has it', async () => {
  const ask = (headers: Record<string, string>) =>
    app.inject({ method: 'GET', url: '/api/v1/kept-notes', headers })
  const { statusCode, headers } = await ask({})
  assert.equal(statusCode, 200)
  const etag = String(headers.etag)
  const again = await ask({ 'if-none-match': etag })
  assert.deepEqual([again.statusCode, again.headers.etag, again.body], [304, etag, ''])
  assert.equal(again.headers['cache-control'], headers['cache-control'])
  assert.equal((await ask({ 'if-none-match': '"another"' })).statusCode, 200)
})
