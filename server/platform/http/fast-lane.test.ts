import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { type RouteSpec, route } from '#contracts/kit/route.ts'
import { serveBothWays } from '../../../tests/support/both-ways.ts'
import { testClock } from '../../../tests/support/platform.ts'
import { type Actor, actorName, GUEST } from './actor.ts'
import { bind, type ReadyAnswer } from './binding.ts'
import { createFastLane } from './fast-lane.ts'
import { SHED_AT } from './gateway/shedding.ts'
import type { RequestHeaders } from './visitor.ts'

const thing = {
  operation: 'thing',
  summary: 'x',
  method: 'GET',
  path: '/api/v1/things/:id',
  access: ['public'],
  traffic: 'browse',
  limit: { burst: 3, perSecond: 1 },
  params: z.object({ id: z.string() }),
  replies: { 200: z.any() },
  cacheSeconds: 60,
} as const
const ANSWER: ReadyAnswer = {
  status: 200,
  body: { rawJson: Buffer.from('{}') },
  headers: { etag: '"1"' },
}
const HEAD = 'GET /api/v1/things/one HTTP/1.1\nX-Forwarded-For: 192.0.2.1'

/** Two accounts that memory knows; whoever sends another credential is to be asked for. */
function knownReader({ authorization, cookie }: RequestHeaders): Actor | undefined {
  if (authorization === undefined && cookie === 'market=DE') return GUEST
  const id = /acc_[12]/.exec(`${authorization} ${cookie}`)?.[0]
  return id ? { kind: 'customer', id } : undefined
}

async function serve() {
  const clock = testClock()
  const given: string[] = []
  const readers: string[] = []
  const list = route({
    ...thing,
    operation: 'list',
    path: '/api/v1/things/all',
    params: z.object(),
  })
  const bindings = [
    bind(
      route(thing),
      async () => ({ ...ANSWER, status: 200 }) as const,
      ({ params }) => ({
        ...ANSWER,
        given({ actor }) {
          given.push(params.id)
          readers.push(actorName(actor))
        },
      }),
    ),
    bind(list, async () => ({ status: 200, body: {} })),
  ]
  const headers = { 'content-type': 'application/json; charset=utf-8', etag: '"1"' }
  const cache = { 'cache-control': 'public, max-age=0, s-maxage=60, stale-while-revalidate=60' }
  const execute = async () => ({ status: 200, headers: { ...headers, ...cache }, body: '{}' })
  const both = await serveBothWays({ bindings, execute, knownReader, clock })
  return { ...both, given, readers, clock }
}

test('the lane counts by the same buckets, and leaves the refusal to the ordinary way', async () => {
  const { ask, given, clock } = await serve()
  const once = async () => {
    const { fast, ordinary, isFast } = await ask(HEAD)
    assert.equal(fast.status, ordinary.status)
    const named = (line: string) => !line.startsWith('content-length')
    assert.deepEqual(fast.headers.filter(named), ordinary.headers.filter(named))
    return `${isFast ? 'fast' : 'ordinary'} ${fast.status.split(' ')[1]}`
  }
  assert.deepEqual(
    [await once(), await once(), await once(), await once()],
    ['fast 200', 'fast 200', 'fast 200', 'ordinary 429'],
  )
  assert.deepEqual(given, ['one', 'one', 'one'], 'nothing is told of what was refused')
  clock.advance(1_000)
  assert.equal(await once(), 'fast 200')
  assert.equal(await once(), 'ordinary 429')
})

test('whoever memory knows is answered at once, as himself, and counted by account besides', async () => {
  const { ask, readers } = await serve()
  const from = (address: number, header: string) =>
    `GET /api/v1/things/one HTTP/1.1\nX-Forwarded-For: 192.0.2.${address}\n${header}`
  const isFast: boolean[] = []
  for (const [place, header] of [
    'Cookie: session=acc_1',
    'Authorization: Bearer acc_1',
    'Cookie: market=DE; session=acc_1',
    'Authorization: Bearer acc_1',
    'Authorization: Bearer acc_2',
    'Cookie: market=DE',
    'Authorization: Bearer somebody',
    'Cookie: session=somebody',
  ].entries())
    isFast.push((await ask(from(place + 1, header))).isFast)
  const [known, oneTooMany] = [true, false]
  assert.deepEqual(isFast, [known, known, known, oneTooMany, known, known, false, false])
  const one = 'customer:acc_1'
  assert.deepEqual(readers, [one, one, one, 'customer:acc_2', 'guest'])
})

test('under load, and while the process stops, the ordinary way decides', async () => {
  const { ask, fast } = await serve()
  fast.state.delayMs = SHED_AT.browse.delayMs + 1
  const shed = await ask(HEAD)
  assert.deepEqual([shed.isFast, shed.fast.status], [false, 'HTTP/1.1 503 Service Unavailable'])
  fast.state.delayMs = 0
  assert.equal((await ask(HEAD)).isFast, true)
  fast.close()
  assert.equal((await ask(HEAD)).isFast, false)
})

test('a path that is another route’s is never taken for a parameter', async () => {
  const { ask } = await serve()
  assert.equal((await ask('GET /api/v1/things/all HTTP/1.1')).isFast, false)
})

test('routes whose rules need more than the lane does are refused at the start', () => {
  const refuses = (over: Partial<RouteSpec>) => {
    const spec = { ...thing, ...over } as RouteSpec
    const bindings = [{ route: spec, handle: async () => ANSWER, ready: () => ANSWER }]
    const gateway = { admitNow: () => true, headers: {} }
    const deps = { bindings, gateway, isProxy: () => true, clock: testClock() }
    assert.throws(() => createFastLane(deps), /is no route for the fast lane/)
  }
  refuses({ method: 'POST' })
  refuses({ access: ['holder'] })
  refuses({ cacheSeconds: undefined as never })
  refuses({ path: '/api/v1/things' })
  refuses({ path: '/api/v1/:kind/:id' })
})
