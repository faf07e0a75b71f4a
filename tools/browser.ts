import { existsSync } from 'node:fs'
import { runTests } from './support/run-tests.ts'

const HELP = `npm run test:browser [-- FILE…]

Runs tests/e2e: people buying from a shop of the demo catalogue in a real Chromium, on phone and desktop, with and
without JavaScript, by keyboard alone. CHROMIUM says where the browser is (default /usr/bin/chromium).
Ends with the line "N passed, N failed".`

const words = process.argv.slice(2)
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

if (words.includes('--help')) process.stdout.write(`${HELP}\n`)
else if (!existsSync(chromium)) {
  process.stderr.write(
    `There is no browser at ${chromium}: install Debian's chromium, or say where one is: CHROMIUM=/path npm run test:browser\n`,
  )
  process.stdout.write('0 passed, 1 failed\n')
  process.exitCode = 1
} else {
  const { passed, failed } = await runTests(words.length > 0 ? words : ['tests/e2e/*.test.ts'])
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
