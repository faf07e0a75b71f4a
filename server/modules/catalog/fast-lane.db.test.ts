import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { serveBothWays } from '../../../tests/support/both-ways.ts'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'
import { executorFor } from '../../../tests/support/executor.ts'
import { systemClock } from '../../platform/clock.ts'
import { GUEST } from '../../platform/http/actor.ts'

const views: { productId: string; visitor: unknown; address: string }[] = []
const { catalog, platform } = await testCatalog({
  onView: ({ productId, context }) =>
    views.push({
      productId,
      visitor: context.headers['x-visitor-id'],
      address: context.remoteAddress,
    }),
})
const rows = [
  productRow('plain'),
  productRow('long', { description: 'All the same. '.repeat(300) }),
  productRow('spoken', { translations: { de: { name: 'Kamera' } } }),
]
await catalog.importer.importProducts({ ...jsonl(rows), format: 'jsonl', key: 'all' })
const found = await platform.db.query({
  text: `select p.id, p.name, s.slug from catalog.products p
         join catalog.product_slugs s on s.product_id = p.id order by p.ref`,
})
const idOf = (place: number) => found.rows[place].id as string
const [LONG, PLAIN, SPOKEN] = [idOf(0), idOf(1), idOf(2)]
const SLUG = found.rows[1].slug as string

const execute = executorFor(platform, GUEST)
const both = await serveBothWays({ bindings: catalog.routes, execute, clock: systemClock })
const get = (id: string, ...headers: string[]) =>
  [`GET /api/v1/products/${id} HTTP/1.1`, ...headers].join('\n')

const etags = new Map<string, string>()

before(async () => {
  // Brings everything into memory that the table asks for, in its compressed forms too.
  for (const id of [PLAIN, LONG, SPOKEN, SLUG]) {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const { ordinary } = await both.ask(get(id, `Accept-Encoding: ${encoding}`))
      const etag = ordinary.headers.find((line) => line.startsWith('etag: '))
      etags.set(id, etag?.slice('etag: '.length) ?? '')
    }
  }
  await both.ask(get(SPOKEN, 'Accept-Language: de'))
})

const etagOf = (id: string) => etags.get(id) as string
const FAST: Readonly<Record<string, () => string>> = {
  'by id': () => get(PLAIN),
  'by slug': () => get(SLUG),
  'long, uncompressed': () => get(LONG),
  'long, by brotli': () => get(LONG, 'Accept-Encoding: gzip, deflate, br'),
  'long, by gzip': () => get(LONG, 'Accept-Encoding: gzip, br;q=0'),
  'short, where nothing is compressed': () => get(PLAIN, 'Accept-Encoding: br'),
  'translated, in the shop’s own language': () => get(SPOKEN),
  'translated, in the reader’s language': () => get(SPOKEN, 'Accept-Language: de-AT, en;q=0.5'),
  'translated, by brotli': () => get(SPOKEN, 'Accept-Language: de', 'Accept-Encoding: br'),
  'not translated, in a language that it lacks': () => get(PLAIN, 'Accept-Language: ja'),
  'a version that the caller has': () => get(LONG, `If-None-Match: ${etagOf(LONG)}`),
  'one of several that the caller has': () => get(LONG, `If-None-Match: "x", W/${etagOf(LONG)}`),
  'a version that has changed': () => get(LONG, 'If-None-Match: "other"'),
  'a request with an id': () => get(PLAIN, 'X-Request-Id: caller-0001'),
  'a request with an id that is none': () => get(PLAIN, 'X-Request-Id: a b'),
  'through proxies': () => get(PLAIN, 'X-Forwarded-For: 192.0.2.7, 10.1.1.1'),
  'a browser that fetches': () => get(PLAIN, 'Sec-Fetch-Site: same-origin', 'Accept: */*'),
  'a visitor who asks not to be followed': () => get(PLAIN, 'DNT: 1', 'X-Visitor-Id: visitor-1'),
  'HTTP/1.0': () => get(PLAIN).replace('1.1', '1.0'),
}
const ORDINARY: Readonly<Record<string, () => string>> = {
  'no such product': () => get('nothing-of-the-kind'),
  'another route’s path': () => get('live', 'Accept: text/event-stream').replace('/live', ''),
  'with a market': () => get(`${PLAIN}?currency=EUR&country=DE`),
  'with an unknown market': () => get(`${PLAIN}?country=QQ`),
  'with a language': () => get(`${SPOKEN}?locale=de`),
  'with a query that is not in the contract': () => get(`${PLAIN}?__proto__=1`),
  'an address that is encoded': () => get(PLAIN.replace('_', '%5F')),
  'an address that cannot be decoded': () => get('%zz'),
  'a slash at the end': () => get(`${PLAIN}/`),
  'a path below': () => get(`${PLAIN}/reviews`),
  'an id that is too long': () => get('x'.repeat(501)),
  HEAD: () => get(PLAIN).replace('GET', 'HEAD'),
  OPTIONS: () => get(PLAIN, 'Origin: https://friend.example').replace('GET', 'OPTIONS'),
  'another method': () => get(PLAIN).replace('GET', 'DELETE'),
  'a page of another site': () => get(PLAIN, 'Origin: https://friend.example'),
  'with a cookie': () => get(LONG, 'Cookie: a=1', 'Accept-Encoding: br'),
  'with a token': () => get(PLAIN, 'Authorization: Bearer nobody'),
  'with a key that is none': () => get(PLAIN, 'Idempotency-Key: ä'),
  'with a body': () => get(PLAIN, 'Content-Length: 0'),
  'no HTTP': () => get(PLAIN).replace('HTTP/1.1', 'HTTP/9'),
}

for (const [name, head] of Object.entries(FAST)) {
  test(`the fast lane answers as the ordinary way does: ${name}`, async () => {
    const { fast, ordinary, isFast } = await both.ask(head())
    assert.deepEqual(fast, ordinary)
    assert.match(fast.status, /^HTTP\/1\.1 (?:200|304) /)
    assert.equal(isFast, true)
  })
}

for (const [name, head] of Object.entries(ORDINARY)) {
  test(`left to the ordinary way: ${name}`, async () => {
    const { fast, ordinary, isFast } = await both.ask(head())
    const withoutIds = ({ body, ...rest }: typeof fast) => ({
      ...rest,
      body: body.toString().replace(/"requestId":"[^"]*"/, ''),
    })
    assert.deepEqual(withoutIds(fast), withoutIds(ordinary))
    assert.equal(isFast, false)
  })
}

test('a view is told of by either way alike', async () => {
  views.length = 0
  await both.ask(get(SLUG, 'X-Visitor-Id: visitor-2', 'X-Forwarded-For: 192.0.2.9'))
  const view = { productId: PLAIN, visitor: 'visitor-2', address: '192.0.2.9' }
  assert.deepEqual(views, [view, view])
})
