import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runTests } from './support/run-tests.ts'

const HELP = `npm test [-- FILE…]

Runs \`npm run check\`, then every test that needs nothing but npm (node:test; PostgreSQL is the embedded one).
With files or patterns, only those, and no check. Ends with the line "N passed, N failed".

  --no-check   leave the check out
  --jitter     what sockets send comes late by chance: finds tests that trust their luck`

const PATTERNS = [
  ...['contracts', 'server', 'apps', 'packages', 'tools', 'bin', 'bench'],
  // Those of the engines need engines, those of e2e a browser, those of the faults minutes:
  // `npm run test:engines`, `test:browser`, `faults`.
  'tests/!(engines|e2e|faults)',
].map((folder) => `${folder}/**/*.test.ts`)

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    'no-check': { type: 'boolean' },
    jitter: { type: 'boolean' },
  },
})

if (values.help) process.stdout.write(`${HELP}\n`)
else {
  let checkFailed = false
  if (positionals.length === 0 && !values['no-check']) {
    const check = spawnSync(process.execPath, [join(import.meta.dirname, 'check.ts')], {
      cwd: root,
      stdio: 'inherit',
    })
    checkFailed = check.status !== 0
  }
  const files = positionals.length > 0 ? positionals : PATTERNS
  const began = performance.now()
  const { passed, failed } = await runTests(
    files,
    values.jitter ? { preload: 'tests/support/jitter.ts' } : {},
  )
  const seconds = Math.round((performance.now() - began) / 1000)
  const failures = failed + (checkFailed ? 1 : 0)
  process.stdout.write(
    `\nTests took ${seconds} s${checkFailed ? '; the check failed too, see above' : ''}.\n`,
  )
  process.stdout.write(`${passed} passed, ${failures} failed\n`)
  process.exitCode = failures > 0 || passed === 0 ? 1 : 0
}
