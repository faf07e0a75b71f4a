import { z } from 'zod'

type Schema = Readonly<Record<string, unknown>>

/**
 * A value that a schema accepts, made from what it says of itself: as little as it asks for. Rules
 * that are code alone are not seen.
 */
export function sampleOf(schema: z.ZodType): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
  return sample(json, (json['$defs'] ?? {}) as Record<string, Schema>)
}

function sample(schema: Schema, defs: Readonly<Record<string, Schema>>): unknown {
  if (typeof schema['$ref'] === 'string')
    return sample(defs[schema['$ref'].split('/').at(-1) ?? ''] ?? {}, defs)
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const options = (schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']) as Schema[] | undefined
  if (options) return sample(options[0] ?? {}, defs)
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  if (type === 'object' || schema['properties']) return sampleObject(schema, defs)
  if (type === 'array') {
    const items = (schema['items'] ?? {}) as Schema
    return Array.from({ length: Number(schema['minItems'] ?? 0) }, () => sample(items, defs))
  }
  if (type === 'integer' || type === 'number') return sampleNumber(schema)
  if (type === 'boolean') return true
  if (type === 'null') return null
  return type === 'string' ? sampleText(schema) : {}
}

function sampleObject(schema: Schema, defs: Readonly<Record<string, Schema>>): object {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>
  const required = (schema['required'] ?? []) as string[]
  return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {}, defs)]))
}

function sampleNumber(schema: Schema): number {
  const least = schema['minimum'] ?? (schema['exclusiveMinimum'] as number | undefined)
  const value = typeof least === 'number' && least > -1e9 ? least : 1
  return 'exclusiveMinimum' in schema ? value + 1 : value
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'somebody@example.com',
  date: '2026-01-02',
  'date-time': '2026-01-02T03:04:05Z',
  uri: 'https://example.com/',
}

function sampleText(schema: Schema): string {
  const format = FORMATS[String(schema['format'])]
  if (format) return format
  const pattern = String(schema['pattern'] ?? '')
  const prefix = /^\^\(?:?([a-z]+)_/.exec(pattern)?.[1]
  if (prefix) return `${prefix}_01jd0000000000000000000000`
  if (pattern === '^[A-Z]{2}$') return 'US'
  if (pattern === '^[A-Z]{3}$') return 'USD'
  return 'sample text'.padEnd(Number(schema['minLength'] ?? 0), 'x')
}
