import { parseArgs } from 'node:util'
import { runTests } from './support/run-tests.ts'

const HELP = `npm run faults [-- [--short] FILE…]

The whole fault matrix (docs/reliability.md): tests/faults at length, and the tests of the engines where REDIS_URL,
MONGODB_URL, KAFKA_BROKERS and OPENSEARCH_URL say where they are. Some ten minutes on a machine that does nothing else.
Ends with the line "N passed, N failed".

  --short   each fault once, without the engines: what continuous integration runs`

const ENGINES = ['REDIS_URL', 'MONGODB_URL', 'KAFKA_BROKERS', 'OPENSEARCH_URL']
const SHORT = ['tests/faults/*.test.ts']
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean' }, short: { type: 'boolean' } },
})

if (values.help) process.stdout.write(`${HELP}\n`)
else {
  const files = positionals.length > 0 ? positionals : values.short ? SHORT : wholeMatrix()
  const { passed, failed } = await runTests(files)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

function wholeMatrix(): string[] {
  process.env['STOA_TEST_FAULTS'] = 'whole'
  const withEngines = ENGINES.every((name) => process.env[name])
  if (!withEngines)
    process.stdout.write(`Without the engines: ${ENGINES.join(', ')} are not all set.\n`)
  const engines = withEngines ? ['tests/engines/*.{test,whole}.ts'] : []
  return ['tests/faults/*.{test,whole}.ts', ...engines]
}
