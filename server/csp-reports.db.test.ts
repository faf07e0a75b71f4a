import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { z } from 'zod'
import * as routes from '#contracts/operations/routes.ts'
import type { PolicyViolation } from '#contracts/operations/schemas.ts'
import { operatorOf } from '../tests/support/operator.ts'
import { testPlatform } from '../tests/support/platform.ts'
import { cspReportRoutes } from './csp-reports.ts'
import { systemClock } from './platform/clock.ts'
import { countViolations } from './platform/csp-reports.ts'
import { createExecutor } from './platform/http/execute.ts'
import { createIdempotency } from './platform/idempotency.ts'
import { silentLog } from './platform/log.ts'

const platform = await testPlatform()
const { db, ids } = platform
const deps = { db, ids, clock: systemClock }
const bindings = cspReportRoutes(deps)
const operator = operatorOf(platform, bindings)
const execute = createExecutor({
  idempotency: createIdempotency({ db, clock: systemClock }),
  clock: systemClock,
  log: silentLog,
  authenticate: async () => ({ kind: 'guest' }),
  checkReplies: true,
})

async function send(type: string, body: string): Promise<number> {
  const binding = bindings.find(({ route }) => route === routes.reportViolation)
  assert.ok(binding)
  async function* bytes() {
    yield Buffer.from(body)
  }
  const { status } = await execute(binding, {
    params: {},
    query: {},
    body: '',
    upload: bytes(),
    headers: { 'content-type': type },
    requestId: 'req_report',
    remoteAddress: '127.0.0.1',
  })
  return status
}

const OLD = {
  'csp-report': {
    'document-uri': 'https://shop.example/orders/ord_01jd4242424242424242424242?token=secret',
    'violated-directive': 'script-src-elem',
    'effective-directive': 'script-src-elem',
    'original-policy': "default-src 'none'",
    'blocked-uri': 'https://evil.example/skim.js?card=1',
    'source-file': 'https://shop.example/orders/ord_01jd4242424242424242424242',
    'script-sample': 'steal(document)',
  },
}
const NEW = [
  {
    type: 'csp-violation',
    age: 2,
    url: 'https://shop.example/checkout',
    user_agent: 'A browser of somebody',
    body: {
      documentURL: 'https://shop.example/checkout?step=payment',
      effectiveDirective: 'script-src-attr',
      blockedURL: 'inline',
      sourceFile: 'https://shop.example/assets/shop-AAAAAAAA.js',
      sample: 'steal()',
    },
  },
  { type: 'deprecation', body: {} },
]

const listed = async () => (await operator(routes.listViolations)).body.items
const told = ({ page, directive, blocked, source, reports }: z.output<typeof PolicyViolation>) => ({
  page,
  directive,
  blocked,
  source,
  reports,
})

beforeEach(() => db.query({ text: 'delete from platform.csp_reports' }))

test('reports of both formats are counted by kind, without ids, queries, samples and browsers', async () => {
  for (let n = 0; n < 3; n += 1)
    assert.equal(await send('application/csp-report', JSON.stringify(OLD)), 204)
  assert.equal(await send('application/reports+json', JSON.stringify(NEW)), 204)
  const items = await listed()
  assert.deepEqual(items.map(told), [
    {
      page: '/checkout',
      directive: 'script-src-attr',
      blocked: 'inline',
      source: '/assets/shop-AAAAAAAA.js',
      reports: 1,
    },
    {
      page: '/orders/:id',
      directive: 'script-src-elem',
      blocked: 'https://evil.example',
      source: '/orders/:id',
      reports: 3,
    },
  ])
  const { rows } = await db.query({ text: 'select c::text as text from platform.csp_reports c' })
  assert.doesNotMatch(JSON.stringify(rows), /secret|steal|card=1|browser of somebody|ord_/)
})

test('what is no report is refused, and nothing is kept', async () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  for (const [type, body, status] of [
    ['application/csp-report', '{', 400],
    ['application/csp-report', '{"csp-report":{}}', 400],
    ['application/reports+json', '{"a":1}', 400],
    ['application/reports+json', deep, 400],
    ['text/html', JSON.stringify(OLD), 415],
    ['application/csp-report', JSON.stringify({ ...OLD, x: 'x'.repeat(20_000) }), 413],
  ] as const)
    assert.equal(await send(type, body), status, body.slice(0, 60))
  assert.deepEqual(await listed(), [])
})

test('hostile words are kept out, whatever stands in the fields', async () => {
  const report = {
    'document-uri': 'javascript:alert(1)',
    'effective-directive': "x'; drop table platform.csp_reports",
    'blocked-uri': 'data:text/html,<script>alert(1)</script>',
    'source-file': 'half\ud800\u0000',
  }
  assert.equal(await send('application/csp-report', JSON.stringify({ 'csp-report': report })), 204)
  const [one] = await listed()
  assert.deepEqual(one && told(one), {
    page: 'alert(1)',
    directive: 'unknown',
    blocked: 'data:',
    source: '',
    reports: 1,
  })
})

test('a flood of different reports fills nothing: kinds are bounded by day, the rest is one number', async () => {
  const flood = Array.from({ length: 620 }, (_, n) => ({
    page: `/page-${n}`,
    directive: 'img-src',
    blocked: 'https://x.example',
    source: '',
  }))
  await countViolations(deps, flood)
  const { rows } = await db.query({
    text: `select count(*)::int as kinds, sum(reports)::int as reports,
             max(reports) filter (where page = '')::int as others from platform.csp_reports`,
  })
  assert.deepEqual(rows, [{ kinds: 501, reports: 620, others: 120 }])
})

test('operators go back through the kinds by pages', async () => {
  await countViolations(
    deps,
    ['a', 'b', 'c'].map((name) => ({
      page: `/${name}`,
      directive: 'img-src',
      blocked: '',
      source: '',
    })),
  )
  const first = (await operator(routes.listViolations, { query: { limit: '2' } })).body
  const cursor = String(first.nextCursor)
  const rest = (await operator(routes.listViolations, { query: { limit: '2', cursor } })).body
  assert.equal(new Set([...first.items, ...rest.items].map(({ page }) => page)).size, 3)
  assert.equal(rest.nextCursor, null)
})
