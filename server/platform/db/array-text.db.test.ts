import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testPlatform } from '../../../tests/support/platform.ts'
import { arrayText, jsonLines } from './array-text.ts'
import { statement } from './statement.ts'

const { db } = await testPlatform({ poolSize: 2 })
const echoTexts = statement<{ texts: (string | null)[] }>(
  'test.echo_texts',
  'select $1::text[] as texts',
)
const echoNumbers = statement<{ numbers: (number | null)[]; truths: (boolean | null)[] }>(
  'test.echo_numbers',
  'select $1::float8[] as numbers, $2::boolean[] as truths',
)
const echoLines = statement<{ values: unknown[] }>(
  'test.echo_lines',
  `select coalesce(jsonb_agg(value::jsonb), '[]') as values
   from unnest(string_to_array($1, E'\\n')) as value`,
)

const letters = fc.constantFrom('a', '"', '\\', ',', '{', '}', ' ', 'ü', '漢', '\n', 'NULL', '')
const texts = fc.oneof(fc.constant(null), fc.string({ unit: letters }), fc.json())

test('PostgreSQL reads every array of texts as it was given', async () => {
  const property = fc.asyncProperty(fc.array(texts), async (given) => {
    assert.deepEqual((await echoTexts(db, [given]))[0]?.texts, given)
  })
  await fc.assert(property, { numRuns: 200 })
})

test('numbers and truth values too', async () => {
  const numbers = fc.array(fc.oneof(fc.constant(null), fc.integer(), fc.maxSafeInteger()))
  const truths = fc.array(fc.oneof(fc.constant(null), fc.boolean()))
  const property = fc.asyncProperty(numbers, truths, async (n, t) => {
    assert.deepEqual(await echoNumbers(db, [n, t]), [{ numbers: n, truths: t }])
  })
  await fc.assert(property, { numRuns: 50 })
})

test('values travel as lines of JSON, whatever is in them', async () => {
  const property = fc.asyncProperty(fc.array(fc.jsonValue()), async (given) => {
    const values = given.map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')))
    assert.deepEqual((await echoLines(db, [jsonLines(values)]))[0]?.values, values)
  })
  await fc.assert(property, { numRuns: 100 })
})

test('what is no plain value is left to the driver', () => {
  for (const value of [[1], new Uint8Array(2), new Date(0), { a: 1 }]) {
    assert.equal(arrayText([1, value]), undefined)
  }
})
