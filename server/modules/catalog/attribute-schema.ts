import type { AttributeRule, AttributeSchema } from '#contracts/catalog/admin-schemas.ts'
import type { FieldError } from '#contracts/kit/problem.ts'
import type { AttributeEntry } from './model.ts'

/** The rules of a category with all that it inherits. */
export type EffectiveSchema = Readonly<{
  properties: Readonly<Record<string, AttributeRule>>
  required: readonly string[]
  additionalProperties: boolean
}>

export const NO_RULES: EffectiveSchema = {
  properties: {},
  required: [],
  additionalProperties: true,
}

/** A category's own rules added to its parent's: a rule of one name replaces the parent's. */
export function inheritSchema(
  parent: EffectiveSchema,
  own: AttributeSchema | null,
): EffectiveSchema {
  if (own === null) return parent
  return {
    properties: { ...parent.properties, ...own.properties },
    required: [...new Set([...parent.required, ...(own.required ?? [])])],
    additionalProperties: parent.additionalProperties && (own.additionalProperties ?? true),
  }
}

/**
 * What is wrong with a product's attributes by the rules of its category.
 * @param at where they stand in the request or row: `body.attributes`, `attributes`.
 */
export function checkAttributes(
  schema: EffectiveSchema,
  attributes: readonly AttributeEntry[],
  at: string,
): FieldError[] {
  const given = new Set(attributes.map(({ name }) => name))
  const missing = schema.required
    .filter((name) => !given.has(name))
    .map((name) => ({ path: `${at}.${name}`, message: 'is required in this category' }))
  const wrong = attributes.flatMap(({ name, value }): FieldError[] => {
    const path = `${at}.${name}`
    const rule = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
    if (rule) {
      const message = faultOf(rule, value)
      return message === undefined ? [] : [{ path, message }]
    }
    if (schema.additionalProperties) return []
    return [{ path, message: 'is no attribute of this category' }]
  })
  return [...missing, ...wrong]
}

function faultOf(rule: AttributeRule, value: AttributeEntry['value']): string | undefined {
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'is not true or false'
    case 'string':
      return typeof value === 'string' ? faultOfWord(rule, value) : 'is not a text'
    case 'array':
      return Array.isArray(value) ? faultOfList(rule, value) : 'is not a list'
    default:
      return faultOfNumber(rule, value)
  }
}

type Bounds = Pick<AttributeRule, 'enum' | 'maxLength'>

function faultOfWord(rule: Bounds, value: string): string | undefined {
  if (rule.enum && !rule.enum.includes(value)) return `is not one of ${rule.enum.join(', ')}`
  if (rule.maxLength !== undefined && value.length > rule.maxLength)
    return `is longer than ${rule.maxLength} characters`
  return undefined
}

function faultOfList(rule: AttributeRule, values: readonly string[]): string | undefined {
  if (rule.maxItems !== undefined && values.length > rule.maxItems)
    return `has more than ${rule.maxItems} values`
  const { items } = rule
  if (!items) return undefined
  for (const value of values) {
    const fault = faultOfWord(items, value)
    if (fault) return `${value}: ${fault}`
  }
  return undefined
}

function faultOfNumber(rule: AttributeRule, value: AttributeEntry['value']): string | undefined {
  const measured = typeof value === 'object' && !Array.isArray(value) ? value : undefined
  if (rule.unit !== undefined && measured?.unit !== rule.unit)
    return `is not a measure in ${rule.unit}`
  if (rule.unit === undefined && measured) return 'is a measure, and not a number'
  const number = measured?.value ?? value
  if (typeof number !== 'number') return 'is not a number'
  if (rule.type === 'integer' && !Number.isInteger(number)) return 'is not a whole number'
  if (rule.enum && !rule.enum.includes(number)) return `is not one of ${rule.enum.join(', ')}`
  if (rule.minimum !== undefined && number < rule.minimum) return `is less than ${rule.minimum}`
  if (rule.maximum !== undefined && number > rule.maximum) return `is more than ${rule.maximum}`
  return undefined
}
