import { z } from 'zod'
import { ProblemDetails } from '#contracts/kit/problem.ts'
import { Bytes, type RouteSpec, refusalsOf } from '#contracts/kit/route.ts'

type Json = Record<string, unknown>
type Declarations = Readonly<Record<string, readonly [status: number, title: string]>>

/**
 * The OpenAPI 3.1 document of these routes, from the schemas that validate them.
 * @param problems every problem code with its status and title.
 */
export function openApiDocument(
  routes: readonly RouteSpec[],
  problems: Declarations,
  info: Readonly<{ title: string; version: string; description: string }>,
): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  const names = new Set<string>()
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const operations = paths[path] ?? {}
    const method = route.method.toLowerCase()
    if (operations[method]) throw new Error(`Two routes are ${route.method} ${route.path}`)
    if (names.has(route.operation)) throw new Error(`Two routes are named ${route.operation}`)
    names.add(route.operation)
    operations[method] = operation(route, problems, schemas)
    paths[path] = operations
  }
  schemaOf(ProblemDetails, 'output', schemas)
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: sorted,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A session token or an API key' },
      },
    },
  }
}

function operation(route: RouteSpec, problems: Declarations, schemas: Json): Json {
  const open = route.access.some(
    (access) => access === 'public' || access === 'holder' || access === 'provider',
  )
  return {
    operationId: route.operation,
    summary: route.summary,
    description: `Who may call: ${route.access.join(', ')}.`,
    tags: [tagOf(route)],
    ...(open ? {} : { security: [{ bearer: [] }] }),
    parameters: [
      ...parameters(route.params, 'path', schemas),
      ...parameters(route.query, 'query', schemas),
      ...(route.idempotency ? [keyParameter(route.idempotency === 'required')] : []),
      ...(route.takesIfMatch ? [IF_MATCH] : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input', schemas) } },
          },
        }
      : {}),
    ...(route.upload ? { requestBody: { required: true, content: bytesOf(route.upload) } } : {}),
    responses: { ...replies(route, schemas), ...refusals(route, problems) },
  }
}

function tagOf(route: RouteSpec): string {
  return route.path.replace(/^\/(api\/v1\/(admin\/)?)?/, '').split('/')[0] as string
}

function parameters(
  schema: z.ZodObject | undefined,
  place: 'path' | 'query',
  schemas: Json,
): Json[] {
  if (!schema) return []
  const json = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required ?? []).includes(name),
    schema: property,
    ...(property['description'] ? { description: property['description'] } : {}),
  }))
}

const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The version that the caller saw: another one is answered by 412',
  schema: { type: 'string', pattern: '^(\\*|"?\\d{1,9}"?)$' },
}

function bytesOf(types: readonly string[]): Json {
  return Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
  )
}

function keyParameter(required: boolean): Json {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required,
    description: 'The same key and body give the same answer for 24 hours',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  }
}

function replies(route: RouteSpec, schemas: Json): Json {
  return Object.fromEntries(
    Object.entries(route.replies).map(([status, schema]) => {
      const text =
        { 200: 'Done', 201: 'Created', 202: 'Accepted, not yet settled', 304: 'Not modified' }[
          status
        ] ?? 'Done'
      if (schema instanceof z.ZodUndefined) return [status, { description: text }]
      if (schema === Bytes)
        return [status, { description: text, content: bytesOf(route.download ?? []) }]
      return [
        status,
        {
          description: text,
          content: { 'application/json': { schema: schemaOf(schema, 'output', schemas) } },
        },
      ]
    }),
  )
}

/** Problem codes by status: those that the route names, and those that any route may answer. */
function refusals(route: RouteSpec, problems: Declarations): Json {
  const byStatus = new Map<number, string[]>()
  for (const code of refusalsOf(route)) {
    const declared = problems[code]
    if (!declared)
      throw new Error(`${route.operation} names the problem ${code}, which nothing declares`)
    byStatus.set(declared[0], [...(byStatus.get(declared[0]) ?? []), `\`${code}\`: ${declared[1]}`])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: lines.join('\n\n'),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  )
}

/** A schema as JSON Schema, its named parts moved to `components/schemas`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const json = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: tidy,
  }) as Json
  const { $schema: _, $defs, id: __, ...rest } = json
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { id: ___, ...body } = definition
    schemas[name] ??= moveReferences(body)
  }
  const name = schema.meta()?.['id'] as string | undefined
  if (!name || rest['$ref']) return moveReferences(rest) as Json
  schemas[name] ??= moveReferences(rest)
  return { $ref: `#/components/schemas/${name}` }
}

/** Query parameters are shown as what they mean; the bounds of a safe integer go without saying. */
function tidy({ jsonSchema }: { jsonSchema: Json }): void {
  const shown = jsonSchema['query'] as Json | undefined
  if (shown) {
    const { description } = jsonSchema
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
    Object.assign(jsonSchema, shown, description === undefined ? {} : { description })
  }
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum']
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum']
}

function moveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveReferences)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key === '$ref' && typeof member === 'string'
        ? [key, member.replace('#/$defs/', '#/components/schemas/')]
        : [key, moveReferences(member)],
    ),
  )
}
