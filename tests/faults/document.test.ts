/** The page about reliability says what the tests find: it is current, and every test that it names is there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { reliabilityDocument } from '../../tools/reliability-document.ts'
import { FAULTS } from '../support/fault-list.ts'
import { MATRIX } from '../support/resiliency.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')

test('docs/reliability.md is what `npm run generate` would make now', () => {
  assert.equal(read('docs/reliability.md'), reliabilityDocument(), 'run `npm run generate`')
})

test('every fault names tests that are there, or says why it has none', () => {
  for (const { id, tests, gap } of FAULTS) {
    assert.ok(tests.length > 0 || gap, `${id} has neither test nor reason`)
    for (const { file, test: name } of tests) {
      const text = read(file).replace(/test\(\s+/g, 'test(')
      const isThere = ["'", '`'].some((quote) => text.includes(`test(${quote}${name}`))
      assert.ok(isThere, `${id}: no test of ${file} begins with "${name}"`)
    }
  }
})

test('every row of the matrix is used by the test that it names', () => {
  for (const [name, { file }] of Object.entries(MATRIX)) {
    const text = read(file)
    const isUsed =
      text.includes(`MATRIX.${name}.`) ||
      (text.includes('MATRIX[name') && text.includes(`${name}: await`))
    assert.ok(isUsed || name === 'worker', `${name} in ${file}`)
  }
})
