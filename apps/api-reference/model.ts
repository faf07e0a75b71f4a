/** The parts of an OpenAPI 3.1 document that the page shows. */
export type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  format?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  description?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  pattern?: string
}>

export type Operation = Readonly<{
  operationId: string
  summary: string
  description: string
  tags: readonly string[]
  security?: readonly unknown[]
  parameters: readonly Readonly<{
    name: string
    in: string
    required: boolean
    description?: string
    schema: Schema
  }>[]
  requestBody?: Readonly<{
    required: boolean
    content: Readonly<Record<string, { schema: Schema }>>
  }>
  responses: Readonly<
    Record<
      string,
      Readonly<{ description: string; content?: Readonly<Record<string, { schema: Schema }>> }>
    >
  >
}>

export type ApiDocument = Readonly<{
  info: Readonly<{ title: string; version: string; description: string }>
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: Readonly<{ schemas: Readonly<Record<string, Schema>> }>
}>

export type Endpoint = Readonly<{ method: string; path: string; operation: Operation }>

/** Operations by their tag, in the document's order. */
export function byTag(document: ApiDocument): [tag: string, endpoints: Endpoint[]][] {
  const groups = new Map<string, Endpoint[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? 'other'
      groups.set(tag, [
        ...(groups.get(tag) ?? []),
        { method: method.toUpperCase(), path, operation },
      ])
    }
  }
  return [...groups]
}

const DEPTH = 4

/** A small example that fits the schema, for a reader to begin with. */
export function example(
  schema: Schema,
  schemas: ApiDocument['components']['schemas'],
  depth = 0,
): unknown {
  if (schema.$ref) {
    const target = schemas[schema.$ref.split('/').at(-1) as string]
    return target && depth < DEPTH ? example(target, schemas, depth + 1) : {}
  }
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return example(schema.anyOf[0] as Schema, schemas, depth)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return exampleText(schema)
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'array':
      return depth < DEPTH ? [example(schema.items ?? {}, schemas, depth + 1)] : []
    case 'object': {
      const wanted = Object.entries(schema.properties ?? {}).filter(
        ([name]) => depth < 2 || schema.required?.includes(name),
      )
      return Object.fromEntries(
        wanted.map(([name, property]) => [name, example(property, schemas, depth + 1)]),
      )
    }
    default:
      return null
  }
}

function exampleText({ format, pattern, description }: Schema): string {
  if (format === 'email') return 'ada@example.com'
  if (format === 'date-time') return '2026-03-01T12:00:00.000Z'
  if (format === 'date') return '2026-03-05'
  if (pattern === '^[A-Z]{3}$') return 'USD'
  if (pattern === '^[A-Z]{2}$') return 'US'
  const prefix = /^\^([a-z]{3})_/.exec(pattern ?? '')?.[1]
  if (prefix) return `${prefix}_01jd3x8h2mfj0a3kq5v7w9ybcd`
  return description ? `… ${description.split('.')[0]?.toLowerCase()}` : '…'
}

/** A schema in a few words: `Money`, `string (1..64)`, `one of "a", "b"`, `array of Order`. */
export function inWords(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) as string
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`
  if (schema.anyOf) return [...new Set(schema.anyOf.map(inWords))].join(' or ')
  if (schema.type === 'array') return `array of ${inWords(schema.items ?? {})}`
  const bounds =
    schema.minimum !== undefined || schema.maximum !== undefined
      ? ` (${schema.minimum ?? '…'} to ${schema.maximum ?? '…'})`
      : schema.maxLength
        ? ` (at most ${schema.maxLength} letters)`
        : ''
  return `${schema.format ?? (Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything'))}${bounds}`
}
