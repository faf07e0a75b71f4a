import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AttributeSchema } from '#contracts/catalog/admin-schemas.ts'
import { checkAttributes, inheritSchema, NO_RULES } from './attribute-schema.ts'
import type { AttributeEntry } from './model.ts'

const electronics = AttributeSchema.parse({
  properties: {
    'Screen size': { type: 'number', unit: 'in', minimum: 1, maximum: 120 },
    Ports: { type: 'integer', minimum: 0 },
    Colour: { type: 'string', enum: ['black', 'white'] },
    Wireless: { type: 'boolean' },
    Bands: { type: 'array', maxItems: 2, items: { type: 'string', maxLength: 3 } },
  },
  required: ['Colour'],
})
const phones = AttributeSchema.parse({
  properties: { Colour: { type: 'string', maxLength: 5 }, Model: { type: 'string' } },
  required: ['Model'],
  additionalProperties: false,
})
const base = inheritSchema(NO_RULES, electronics)
const leaf = inheritSchema(base, phones)

const entries = (values: Readonly<Record<string, AttributeEntry['value']>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }))
const faults = (values: Readonly<Record<string, AttributeEntry['value']>>, schema = base) =>
  checkAttributes(schema, entries({ Colour: 'black', ...values }), 'body.attributes')

test('attributes that keep the rules pass, and so do those without a rule', () => {
  const good = {
    'Screen size': { value: 6.1, unit: 'in' },
    Ports: 2,
    Wireless: false,
    Bands: ['n1', 'n78'],
    Anything: 'else',
  }
  assert.deepEqual(faults(good), [])
})

const WRONG: readonly (readonly [string, AttributeEntry['value'], string])[] = [
  ['Screen size', 6.1, 'is not a measure in in'],
  ['Screen size', { value: 15, unit: 'cm' }, 'is not a measure in in'],
  ['Screen size', { value: 0.5, unit: 'in' }, 'is less than 1'],
  ['Screen size', { value: 121, unit: 'in' }, 'is more than 120'],
  ['Ports', 1.5, 'is not a whole number'],
  ['Ports', '2', 'is not a number'],
  ['Ports', { value: 2, unit: 'pc' }, 'is a measure, and not a number'],
  ['Colour', 'red', 'is not one of black, white'],
  ['Wireless', 'yes', 'is not true or false'],
  ['Bands', 'n1', 'is not a list'],
  ['Bands', ['n1', 'n2', 'n3'], 'has more than 2 values'],
  ['Bands', ['n100'], 'n100: is longer than 3 characters'],
]
for (const [name, value, message] of WRONG) {
  test(`${name}: ${JSON.stringify(value)} ${message}`, () => {
    assert.deepEqual(faults({ [name]: value }), [{ path: `body.attributes.${name}`, message }])
  })
}

test('rules are inherited; a category’s own of one name replaces, and required ones add up', () => {
  assert.deepEqual(faults({ Colour: 'red', Model: 'X' }, leaf), [])
  assert.deepEqual(
    checkAttributes(leaf, entries({ Wireless: true, Smell: 'fine' }), 'body.attributes'),
    [
      { path: 'body.attributes.Colour', message: 'is required in this category' },
      { path: 'body.attributes.Model', message: 'is required in this category' },
      { path: 'body.attributes.Smell', message: 'is no attribute of this category' },
    ],
  )
})

test('a unit belongs to numbers alone', () => {
  const { success } = AttributeSchema.safeParse({
    properties: { a: { type: 'string', unit: 'g' } },
  })
  assert.equal(success, false)
})
