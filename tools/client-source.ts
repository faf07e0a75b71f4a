type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  description?: string
}>

type Parameter = Readonly<{
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  schema: Schema
}>

type Operation = Readonly<{
  operationId: string
  summary: string
  parameters: readonly Parameter[]
  requestBody?: Readonly<{
    required: boolean
    content: Readonly<Record<string, { schema: Schema }>>
  }>
  responses: Readonly<
    Record<string, { content?: Readonly<Record<string, { schema: Schema }>>; description: string }>
  >
}>

/**
 * The SDK's types and its table of operations, from the OpenAPI document.
 * Covers the JSON Schema that our contracts produce; anything else stops the generation.
 */
export function clientSource(document: Readonly<Record<string, unknown>>): string {
  const { paths, components } = document as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, Schema> }
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => speaksJson(operation))
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  )
  const types = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `${comment(schema.description)}export type ${name} = ${typeOf(schema, 0)}\n`,
  )
  const members = operations.map((operation) => {
    const lines = [
      `  /** ${operation.summary}. ${operation.method} ${operation.path} */`,
      `  ${operation.operationId}: {`,
    ]
    lines.push(`    params: ${parametersOf(operation, 'path')}`)
    lines.push(`    query: ${parametersOf(operation, 'query')}`)
    lines.push(`    body: ${bodyOf(operation)}`)
    lines.push(`    reply: ${repliesOf(operation)}`)
    lines.push(`    problem: ${codesOf(operation)}`, '  }')
    return lines.join('\n')
  })
  const table = operations.map(
    ({ operationId, method, path, parameters }) =>
      `  ${operationId}: { method: '${method}', path: '${path}', idempotent: ${parameters.some((p) => p.name === 'Idempotency-Key')} },`,
  )
  return [
    '// Made by `npm run generate` from the OpenAPI document. Do not edit.\n',
    ...types,
    `export type Operations = {\n${members.join('\n')}\n}\n`,
    `export const operations = {\n${table.join('\n')}\n} as const\n`,
  ].join('\n')
}

/** Bytes are for the browser's own means: `<img src>`, `fetch`. */
function speaksJson({ requestBody, responses }: Operation): boolean {
  const contents = [requestBody, ...Object.values(responses)].map((part) => part?.content)
  return contents.every((content) => !content || Object.keys(content).every((t) => /json$/.test(t)))
}

function comment(text: string | undefined): string {
  return text ? `/** ${text} */\n` : ''
}

function typeOf(schema: Schema, depth: number): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) as string
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, depth)))].join(' | ')
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, depth)).join(' & ')
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type: type as string }, depth)).join(' | ')
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array': {
      const item = typeOf(schema.items ?? {}, depth)
      return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return objectType(schema, depth)
    default:
      return 'unknown'
  }
}

function objectType(schema: Schema, depth: number): string {
  const properties = Object.entries(schema.properties ?? {})
  const extra = schema.additionalProperties
  if (properties.length === 0) {
    return typeof extra === 'object'
      ? `Record<string, ${typeOf(extra, depth)}>`
      : 'Record<string, unknown>'
  }
  const indent = '  '.repeat(depth + 1)
  const lines = properties.map(([name, property]) => {
    const optional = (schema.required ?? []).includes(name) ? '' : '?'
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
    const hint = property.description ? `${indent}/** ${property.description} */\n` : ''
    return `${hint}${indent}${key}${optional}: ${typeOf(property, depth + 1)}${optional ? ' | undefined' : ''}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

function parametersOf(operation: Operation, place: 'path' | 'query'): string {
  const found = operation.parameters.filter((parameter) => parameter.in === place)
  if (found.length === 0) return 'undefined'
  const lines = found.map(
    ({ name, required, schema }) =>
      `${name}${required ? '' : '?'}: ${typeOf(schema, 2)}${required ? '' : ' | undefined'}`,
  )
  const open =
    place === 'query' && operation.operationId === 'search'
      ? '; [attribute: `attr.${string}`]: string | string[] | undefined'
      : ''
  return `{ ${lines.join('; ')}${open} }`
}

function bodyOf({ requestBody }: Operation): string {
  if (!requestBody) return 'undefined'
  const type = typeOf(requestBody.content['application/json']?.schema ?? {}, 2)
  return requestBody.required ? type : `${type} | undefined`
}

function repliesOf({ responses }: Operation): string {
  const found = Object.entries(responses).flatMap(([status, { content }]) => {
    const schema = content?.['application/json']?.schema
    return status.startsWith('2') && schema ? [typeOf(schema, 2)] : []
  })
  return [...new Set(found)].join(' | ') || 'undefined'
}

function codesOf({ responses }: Operation): string {
  const codes = Object.values(responses).flatMap(({ description }) =>
    [...description.matchAll(/^`([\w.]+)`:/gm)].map((match) => `'${match[1]}'`),
  )
  return [...new Set(codes)].join(' | ')
}
