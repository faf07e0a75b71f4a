import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT, sourceFiles } from '../architecture/boundaries.ts'

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

test('SECURITY.md and the list beside this file name tests that are there, and every anchor', () => {
  for (const document of ['SECURITY.md', 'tests/security/README.md']) {
    const text = readFileSync(join(ROOT, document), 'utf8')
    const named = [...text.matchAll(/`([\w./-]+\.(?:test\.ts|json|ts))`/g)].map(
      ([, path = '']) => path,
    )
    const places = ['', 'tests/security', 'server', 'server/modules']
    const missing = named.filter(
      (path) =>
        path.includes('/') &&
        path !== 'secrets.json' &&
        !places.some((place) => existsSync(join(ROOT, place, path))),
    )
    assert.deepEqual(missing, [], document)
    const range = [...text.matchAll(/\bS(\d+)–S(\d+)/g)].flatMap(([, from, to]) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => Number(from) + n),
    )
    const told = new Set([...range, ...[...text.matchAll(/\bS(\d+)\b/g)].map(([, n]) => Number(n))])
    const untold = Array.from({ length: 25 }, (_, n) => n + 1).filter((n) => !told.has(n))
    assert.deepEqual(untold, [], document)
  }
})
