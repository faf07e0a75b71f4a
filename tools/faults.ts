import { runTests } from './support/run-tests.ts'

const HELP = `npm run faults [-- FILE…]

The whole fault matrix (docs/reliability.md): tests/faults at length, and the tests of the engines where REDIS_URL,
MONGODB_URL, KAFKA_BROKERS and OPENSEARCH_URL say where they are. Some ten minutes on a machine that does nothing else.
Ends with the line "N passed, N failed".`

const ENGINES = ['REDIS_URL', 'MONGODB_URL', 'KAFKA_BROKERS', 'OPENSEARCH_URL']
const words = process.argv.slice(2)

if (words.includes('--help')) process.stdout.write(`${HELP}\n`)
else {
  process.env['STOA_TEST_FAULTS'] = 'whole'
  const withEngines = ENGINES.every((name) => process.env[name])
  if (!withEngines)
    process.stdout.write(`Without the engines: ${ENGINES.join(', ')} are not all set.\n`)
  const whole = [
    'tests/faults/*.{test,whole}.ts',
    ...(withEngines ? ['tests/engines/*.{test,whole}.ts'] : []),
  ]
  const { passed, failed } = await runTests(words.length > 0 ? words : whole)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
