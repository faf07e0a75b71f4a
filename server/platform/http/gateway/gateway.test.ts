import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { type RouteSpec, route } from '#contracts/kit/route.ts'
import { testClock } from '../../../../tests/support/platform.ts'
import { seededChance } from '../../chance.ts'
import { silentLog } from '../../log.ts'
import { addressList } from '../../net/proxies.ts'
import { createLocalBuckets } from '../../token-bucket.ts'
import type { Binding } from '../binding.ts'
import type { RawReply } from '../raw.ts'
import { createHttpServer, serveBindings } from '../server.ts'
import { createGateway } from './index.ts'
import { ACCOUNT_LIMITS, ADDRESS_LIMITS, type GateClass } from './limits.ts'
import { SHED_AT } from './shedding.ts'

const base = { summary: 'x', access: ['public'], replies: { 200: z.any() } } as const
const get = (operation: string, over: Partial<RouteSpec>): RouteSpec =>
  route({
    ...base,
    traffic: 'browse',
    ...over,
    operation,
    method: over.method ?? 'GET',
    path: `/api/v1/${operation}`,
  })
const routes = {
  goods: get('goods', { cacheSeconds: 60 }),
  rare: get('rare', { limit: { burst: 2, perSecond: 1 } }),
  pay: get('pay', { traffic: 'checkout', method: 'POST', body: z.any() }),
  basket: get('basket', { traffic: 'cart', access: ['holder'] }),
  report: get('report', { traffic: 'export', access: ['operator'] }),
}
const LONG = JSON.stringify({ text: 'all the same '.repeat(500) })
const KEPT = Buffer.from(LONG)
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

type Options = Readonly<{
  publicUrl?: string
  factor?: number
  execute?: () => Promise<RawReply>
}>

function door({ publicUrl = 'http://shop.test', factor = 1, execute }: Options = {}) {
  const clock = testClock()
  const state = { delayMs: 0 }
  const isProxy = addressList(['loopback', '10.0.0.0/8'])
  const gateway = createGateway({
    chance: seededChance(1),
    clock,
    buckets: createLocalBuckets(clock),
    isProxy,
    factor,
    publicUrl,
    corsOrigins: ['https://friend.example'],
    watch: { delayMs: () => state.delayMs, stop() {} },
  })
  const app = createHttpServer({ log: silentLog, chance: seededChance(1), isProxy })
  gateway.mount(app)
  const bindings = Object.values(routes).map((one) => ({ route: one }) as Binding)
  serveBindings(
    app,
    bindings,
    execute ?? (async () => ({ status: 200, headers: JSON_TYPE, body: '{}' })),
  )
  app.get('/page', async () => 'a page')
  app.get('/health/live', { config: { open: true } }, async () => 'live')
  after(() => app.close())
  const ask = (path: string, headers: Record<string, string> = {}, method?: 'POST' | 'OPTIONS') =>
    app.inject({
      url: path,
      method: method ?? (path.endsWith('/pay') ? 'POST' : 'GET'),
      headers: {
        'x-forwarded-for': '192.0.2.1',
        ...(path.endsWith('/pay') ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(path.endsWith('/pay') ? { payload: '{}' } : {}),
    })
  return { app, ask, clock, state, gateway }
}

test('a route with a limit of its own: what is left is told, then 429 and how long to wait', async () => {
  const { ask, clock } = door()
  const first = await ask('/api/v1/rare')
  assert.equal(first.headers['ratelimit-policy'], '"rare";q=2;w=2')
  assert.equal(first.headers['ratelimit'], '"rare";r=1;t=1')
  assert.equal((await ask('/api/v1/rare')).statusCode, 200)
  const refused = await ask('/api/v1/rare')
  assert.equal(refused.statusCode, 429)
  assert.equal(refused.headers['retry-after'], '1')
  assert.equal(refused.headers['ratelimit'], '"rare";r=0;t=1')
  assert.equal(refused.json().code, 'rate_limited')
  assert.equal((await ask('/api/v1/goods')).statusCode, 200, 'its class goes on')
  const elsewhere = await ask('/api/v1/rare', { 'x-forwarded-for': '192.0.2.2' })
  assert.equal(elsewhere.statusCode, 200, 'another address has its own')
  clock.advance(1_000)
  assert.equal((await ask('/api/v1/rare')).statusCode, 200)
})

test('an IPv6 network is one visitor; what shared caches keep tells nobody what is left', async () => {
  const { ask } = door()
  const from = (last: string) => ({ 'x-forwarded-for': `2001:db8:1:2::${last}` })
  for (const last of ['1', '2'])
    assert.equal((await ask('/api/v1/rare', from(last))).statusCode, 200)
  assert.equal((await ask('/api/v1/rare', from('3'))).statusCode, 429)
  assert.equal((await ask('/api/v1/goods')).headers['ratelimit'], undefined)
})

test('only trusted proxies say who asks; a proxy that names nobody is not counted', async () => {
  const { app } = door()
  const ask = (remoteAddress: string, forwarded?: string) =>
    app.inject({
      url: '/api/v1/rare',
      remoteAddress,
      ...(forwarded ? { headers: { 'x-forwarded-for': forwarded } } : {}),
    })
  const statuses = async (...asked: Parameters<typeof ask>[]) => {
    const found: number[] = []
    for (const one of asked) found.push((await ask(...one)).statusCode)
    return found
  }
  const stranger: Parameters<typeof ask>[] = ['1', '2', '3'].map((last) => [
    '203.0.113.7',
    `192.0.2.${last}`,
  ])
  assert.deepEqual(await statuses(...stranger), [200, 200, 429], 'a made-up address does not help')
  const proxy: Parameters<typeof ask>[] = [['10.1.1.1'], ['10.1.1.1'], ['10.1.1.1']]
  assert.deepEqual(await statuses(...proxy), [200, 200, 200])
  const behind: Parameters<typeof ask>[] = ['x, 192.0.2.9', 'y, 192.0.2.9', 'z, 192.0.2.9'].map(
    (list) => ['10.1.1.1', list],
  )
  assert.deepEqual(await statuses(...behind), [200, 200, 429], 'the last address that is no proxy')
})

test('pages are counted too, and refused in words; health never is', async () => {
  const { ask } = door()
  const { burst } = ADDRESS_LIMITS.page
  for (let made = 0; made < burst; made += 1) await ask('/page')
  const refused = await ask('/page')
  assert.equal(refused.statusCode, 429)
  assert.match(refused.body, /^Too many requests\. Please try again in 1 s\./)
  assert.equal((await ask('/health/live')).statusCode, 200)
})

test('an account is counted from wherever it comes; the installation’s own key and guests are not', async () => {
  const { gateway } = door()
  const customer = { kind: 'customer', id: 'acc_1' } as const
  for (let made = 0; made < 2; made += 1) await gateway.limits.countAccount(routes.rare, customer)
  await assert.rejects(gateway.limits.countAccount(routes.rare, customer), { code: 'rate_limited' })
  await gateway.limits.countAccount(routes.rare, { kind: 'customer', id: 'acc_2' })
  for (let made = 0; made < 9; made += 1) {
    await gateway.limits.countAccount(routes.rare, { kind: 'guest' })
    await gateway.limits.countAccount(routes.rare, { kind: 'operator', id: 'api-key' })
  }
})

test('a factor raises what classes allow, and no limit of a route’s own', async () => {
  const { ask } = door({ factor: 2 })
  const { burst } = ADDRESS_LIMITS.browse
  const policy = (await ask('/api/v1/basket')).headers['ratelimit-policy']
  assert.match(String(policy), new RegExp(`q=${2 * ADDRESS_LIMITS.cart.burst};`))
  for (let made = 0; made < 2 * burst; made += 1)
    assert.equal((await ask('/api/v1/goods')).statusCode, 200)
  assert.equal((await ask('/api/v1/goods')).statusCode, 429)
  assert.equal((await ask('/api/v1/rare')).headers['ratelimit-policy'], '"rare";q=2;w=2')
})

test('a page within the process: its reads went through with it, its changes are counted', async () => {
  const { gateway } = door()
  for (let made = 0; made < 2_000; made += 1) await gateway.admitLocal(routes.goods, '192.0.2.1')
  const { burst } = ADDRESS_LIMITS.checkout
  for (let made = 0; made < burst; made += 1) await gateway.admitLocal(routes.pay, '192.0.2.1')
  await assert.rejects(gateway.admitLocal(routes.pay, '192.0.2.1'), { code: 'rate_limited' })
})

test('under load exports go first, then browsing, then carts; checkout goes on longest', async () => {
  const { ask, state } = door()
  const paths = ['report', 'goods', 'basket', 'pay'].map((name) => `/api/v1/${name}`)
  const open: Record<number, number> = { 0: 4, 300: 3, 1100: 2, 2000: 1, 3000: 0 }
  for (const [delayMs, count] of Object.entries(open)) {
    state.delayMs = Number(delayMs)
    const statuses: number[] = []
    for (const path of paths) statuses.push((await ask(path)).statusCode)
    const expected = paths.map((_, place) => (place < paths.length - count ? 503 : 200))
    assert.deepEqual(statuses, expected, `${delayMs} ms`)
  }
  const refused = await ask('/api/v1/pay')
  assert.match(String(refused.headers['retry-after']), /^[1-4]$/)
  assert.equal(refused.json().code, 'unavailable')
  const page = await ask('/page')
  assert.equal(page.statusCode, 503)
  assert.equal((await ask('/health/live')).statusCode, 200)
  state.delayMs = 0
  assert.equal((await ask('/page')).statusCode, 200)
})

test('of a crowd that is turned away a hundred a second are told to come again, none later than in a minute', async () => {
  const { ask, state, clock } = door()
  state.delayMs = 3_000
  const told: number[] = []
  const beTold = async () => Number((await ask('/api/v1/pay')).headers['retry-after'])
  for (let nth = 0; nth < 100; nth += 1) told.push(await beTold())
  assert.ok(
    told.every((seconds) => seconds <= 4),
    'a few are spread by chance',
  )
  for (let nth = 0; nth < 900; nth += 1) told.push(await beTold())
  assert.deepEqual(
    told.slice(500),
    told.slice(500).toSorted((a, b) => a - b),
  )
  assert.equal(told.at(-1), 10)
  for (let nth = 0; nth < 6_000; nth += 1) told.push(await beTold())
  assert.equal(told.at(-1), 60)
  clock.advance(120_000)
  assert.ok((await beTold()) <= 4)
})

test('what is under way is bounded by class, and counted out again when answered', async () => {
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  let running = 0
  let allCame = () => {}
  const full = new Promise<void>((resolve) => {
    allCame = resolve
  })
  const most = SHED_AT.export.running
  const { ask } = door({
    execute: async () => {
      running += 1
      if (running === most) allCame()
      await held
      return { status: 200, headers: JSON_TYPE, body: '{}' }
    },
  })
  const waiting = Array.from({ length: most }, (_, each) =>
    ask('/api/v1/report', { 'x-forwarded-for': `198.18.${Math.floor(each / 50)}.${each % 50}` }),
  )
  await full
  assert.equal((await ask('/api/v1/report')).statusCode, 503)
  const browsing = ask('/api/v1/goods')
  answer()
  assert.equal((await browsing).statusCode, 200)
  for (const one of await Promise.all(waiting)) assert.equal(one.statusCode, 200)
  assert.equal((await ask('/api/v1/report')).statusCode, 200)
})

test('every class has its limits, and what a shop lives on is shed last', () => {
  const classes = Object.keys(SHED_AT) as GateClass[]
  assert.deepEqual(Object.keys(ADDRESS_LIMITS).toSorted(), classes.toSorted())
  assert.deepEqual(Object.keys(ACCOUNT_LIMITS).toSorted(), classes.toSorted())
  const order = ['export', 'browse', 'cart', 'checkout'] as const
  for (const [place, name] of order.slice(1).entries()) {
    const before = SHED_AT[order[place] as GateClass]
    assert.ok(SHED_AT[name].running > before.running && SHED_AT[name].delayMs > before.delayMs)
  }
})

test('pages of allowed origins may call the API, without cookies; others learn nothing', async () => {
  const { ask } = door()
  const friend = { origin: 'https://friend.example' }
  const preflight = await ask('/api/v1/pay', friend, 'OPTIONS')
  assert.equal(preflight.statusCode, 204)
  assert.equal(preflight.headers['access-control-allow-origin'], friend.origin)
  assert.match(String(preflight.headers['access-control-allow-headers']), /Idempotency-Key/)
  const called = await ask('/api/v1/goods', friend)
  assert.equal(called.headers['access-control-allow-origin'], friend.origin)
  assert.equal(called.headers['access-control-allow-credentials'], undefined)
  assert.match(String(called.headers['vary']), /Origin/)
  assert.equal((await ask('/api/v1/pay', friend)).statusCode, 200)
  assert.equal((await ask('/api/v1/pay', { ...friend, cookie: 'a=b' })).statusCode, 403)
  const enemy = { origin: 'https://enemy.example' }
  const foreign = await ask('/api/v1/goods', enemy)
  assert.equal(foreign.headers['access-control-allow-origin'], undefined)
  assert.equal((await ask('/api/v1/pay', enemy, 'OPTIONS')).statusCode, 404)
})

test('answers carry the headers of safety; HSTS where the shop has TLS', async () => {
  const plain = (await door().ask('/api/v1/goods')).headers
  assert.equal(plain['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
  assert.equal(plain['cross-origin-resource-policy'], 'same-origin')
  assert.equal(plain['referrer-policy'], 'same-origin')
  assert.equal(plain['strict-transport-security'], undefined)
  const safe = (await door({ publicUrl: 'https://shop.test' }).ask('/api/v1/goods')).headers
  assert.equal(safe['strict-transport-security'], 'max-age=31536000')
})

test('long answers are compressed as the caller reads them; kept bytes once', async () => {
  const { ask } = door({ execute: async () => ({ status: 200, headers: JSON_TYPE, body: KEPT }) })
  const brotli = await ask('/api/v1/goods', { 'accept-encoding': 'gzip, br' })
  assert.equal(brotli.headers['content-encoding'], 'br')
  assert.equal(brotli.headers['vary'], 'Accept-Encoding')
  assert.equal(brotliDecompressSync(brotli.rawPayload).toString(), LONG)
  assert.equal(Number(brotli.headers['content-length']), brotli.rawPayload.length)
  const gzip = await ask('/api/v1/goods', { 'accept-encoding': 'br;q=0, gzip' })
  assert.equal(gzip.headers['content-encoding'], 'gzip')
  assert.equal(gunzipSync(gzip.rawPayload).toString(), LONG)
  const plain = await ask('/api/v1/goods', { 'accept-encoding': 'identity' })
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.equal(plain.headers['vary'], 'Accept-Encoding')
})

test('what answers a cookie on a private route is not compressed (BREACH); short answers never are', async () => {
  const long = door({ execute: async () => ({ status: 200, headers: JSON_TYPE, body: LONG }) })
  const accepts = { 'accept-encoding': 'br' }
  const encodingOf = async (path: string, headers: Record<string, string>) =>
    (await long.ask(path, { ...accepts, ...headers })).headers['content-encoding']
  assert.equal(await encodingOf('/api/v1/basket', { cookie: 'session=x' }), undefined)
  assert.equal(await encodingOf('/api/v1/basket', { authorization: 'Bearer x' }), 'br')
  assert.equal(await encodingOf('/api/v1/goods', { cookie: 'session=x' }), 'br')
  const short = await door().ask('/api/v1/goods', accepts)
  assert.equal(short.headers['content-encoding'], undefined)
})
