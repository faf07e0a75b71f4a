import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from '../architecture/boundaries.ts'

/** Anchors that are proven under the name of a fault or a race of their own. */
const UNDER_OTHER_NAMES: Readonly<Record<string, RegExp>> = {
  S6: /test\('(F16: |of 200 orders at once a coupon)/,
  S7: /test\('whatever runs at once in two processes, nothing is oversold/,
}

test('each of S1 to S25 has a test that bears its name', () => {
  const tests = sourceFiles().filter(({ path }) => /\.test\.ts$/.test(path))
  const missing = Array.from({ length: 25 }, (_, place) => `S${place + 1}`).filter((name) => {
    const pattern = UNDER_OTHER_NAMES[name] ?? new RegExp(`test\\(\\s*['"][^'"]*\\b${name}\\b[:,]`)
    return !tests.some(({ text }) => pattern.test(text))
  })
  assert.deepEqual(missing, [])
})
