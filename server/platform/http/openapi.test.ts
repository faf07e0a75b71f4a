import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { Address } from '#contracts/kit/address.ts'
import { id } from '#contracts/kit/ids.ts'
import { Money } from '#contracts/kit/money.ts'
import { page, queryBool, queryInt, Timestamp } from '#contracts/kit/page.ts'
import { generalProblem, problems } from '#contracts/kit/problem.ts'
import { type RouteSpec, route } from '#contracts/kit/route.ts'
import { openApiFaults } from '../../../tests/support/openapi.ts'
import { openApiDocument } from './openapi.ts'

const Thing = z
  .strictObject({ id: id('thg'), price: Money, at: Timestamp, address: Address.optional() })
  .meta({ id: 'Thing' })
const Tree = z
  .strictObject({
    name: z.string(),
    get children() {
      return z.array(Tree)
    },
  })
  .meta({ id: 'Tree' })

const base = { summary: 'x', access: ['public'], traffic: 'browse' } as const
const routes: readonly RouteSpec[] = [
  route({
    ...base,
    operation: 'listThings',
    method: 'GET',
    path: '/api/v1/things',
    query: z.strictObject({
      limit: queryInt(1, 100).optional(),
      open: queryBool,
      sort: z.enum(['a', 'b']).optional().describe('How to sort'),
    }),
    replies: { 200: page(Thing), 304: z.undefined() },
  }),
  route({
    ...base,
    access: ['customer'],
    operation: 'makeThing',
    method: 'POST',
    path: '/api/v1/things',
    body: z.strictObject({ thing: Thing, tree: Tree }),
    replies: { 201: Thing },
    problems: ['things.too_many', 'things.too_few'],
    idempotency: 'required',
  }),
  route({
    ...base,
    operation: 'readPart',
    method: 'GET',
    path: '/api/v1/things/:thingId/parts/:partId',
    params: z.strictObject({ thingId: id('thg'), partId: z.string() }),
    replies: { 200: Tree },
  }),
]

const declared = {
  ...generalProblem.declared,
  ...problems({
    'things.too_many': [409, 'There are too many'],
    'things.too_few': [409, 'There are too few'],
  }).declared,
}
const INFO = { title: 'Test', version: '1', description: 'x' }

type Operation = Readonly<{
  parameters: Record<string, unknown>[]
  security?: unknown
  requestBody?: { required: boolean; content: Record<string, { schema: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>
}>
type Document = Readonly<{
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>> }
}>

const describe = (of: readonly RouteSpec[] = routes) =>
  openApiDocument(of, declared, INFO) as unknown as Document
const read = (path: string, method: string) => describe().paths[path]?.[method] as Operation

test('the document’s structure is that of OpenAPI 3.1', () => {
  assert.deepEqual(openApiFaults(describe()), [])
})

test('named schemas stand once, and are referred to, though they contain themselves', () => {
  const document = describe()
  assert.deepEqual(Object.keys(document.components.schemas), [
    'Address',
    'Currency',
    'Money',
    'Problem',
    'Thing',
    'Tree',
  ])
  const made = read('/api/v1/things', 'post')
  assert.deepEqual(made.responses['201']?.content?.['application/json']?.schema, {
    $ref: '#/components/schemas/Thing',
  })
  assert.match(
    JSON.stringify(document.components.schemas['Tree']),
    /"#\/components\/schemas\/Tree"/,
  )
})

test('query parameters are shown as what they mean', () => {
  const { parameters } = read('/api/v1/things', 'get')
  assert.deepEqual(parameters, [
    {
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100 },
    },
    { name: 'open', in: 'query', required: true, schema: { type: 'boolean' } },
    {
      name: 'sort',
      in: 'query',
      required: false,
      schema: { type: 'string', enum: ['a', 'b'], description: 'How to sort' },
      description: 'How to sort',
    },
  ])
})

test('path parameters are required and keep their pattern', () => {
  const { parameters } = read('/api/v1/things/{thingId}/parts/{partId}', 'get')
  assert.deepEqual(
    parameters.map((one) => [one['in'], one['name'], one['required']]),
    [
      ['path', 'thingId', true],
      ['path', 'partId', true],
    ],
  )
  assert.match(JSON.stringify(parameters[0]), /thg_/)
})

test('refusals are grouped by status, each with its code', () => {
  const { responses, security, parameters, requestBody } = read('/api/v1/things', 'post')
  assert.match(responses['409']?.description ?? '', /things\.too_many[\s\S]*things\.too_few/)
  assert.deepEqual(Object.keys(responses), '201 400 401 403 409 413 415 422 429 500 503'.split(' '))
  assert.deepEqual(security, [{ bearer: [] }])
  assert.equal(requestBody?.required, true)
  assert.deepEqual(
    parameters.map((one) => [one['name'], one['required']]),
    [['Idempotency-Key', true]],
  )
  assert.equal(read('/api/v1/things', 'get').security, undefined)
  assert.ok(!read('/api/v1/things', 'get').responses['401'])
})

test('a code that nothing declares is refused', () => {
  const wrong = [{ ...(routes[0] as RouteSpec), problems: ['things.unknown'] }]
  assert.throws(() => describe(wrong), /listThings names the problem things\.unknown/)
})

test('two routes of one name, or of one method and path, are refused', () => {
  const [first] = routes as [RouteSpec]
  assert.throws(() => describe([first, { ...first, path: '/api/v1/other' }]), /listThings/)
  assert.throws(() => describe([first, { ...first, operation: 'other' }]), /GET \/api\/v1\/things/)
})

const PLANTED: readonly (readonly [fault: RegExp, spoil: (document: Document) => void])[] = [
  [/leads nowhere/, (document) => delete document.components.schemas['Money']],
  [/path partId is not declared/, (document) => part(document).parameters.pop()],
  [
    /path ghost is not in the path/,
    (document) => part(document).parameters.push({ in: 'path', name: 'ghost' }),
  ],
  [
    /a second listThings/,
    (document) => Object.assign(part(document), { operationId: 'listThings' }),
  ],
  [
    /200 is not described/,
    (document) => Object.assign(part(document).responses['200'] ?? {}, { description: 1 }),
  ],
]

const part = (document: Document) =>
  document.paths['/api/v1/things/{thingId}/parts/{partId}']?.['get'] as Operation

for (const [fault, spoil] of PLANTED) {
  test(`the check of the structure finds: ${fault.source}`, () => {
    const document = structuredClone(describe())
    spoil(document)
    assert.match(openApiFaults(document).join('\n'), fault)
  })
}
