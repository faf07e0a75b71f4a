import { runTests } from './support/run-tests.ts'

const HELP = `npm run test:engines [-- FILE…]

Runs tests/engines: what Stoa does with Redis 7, MongoDB, Kafka and OpenSearch 2. All must run, and REDIS_URL,
MONGODB_URL, KAFKA_BROKERS and OPENSEARCH_URL say where; nothing of theirs is touched but names that begin with "stoa".
Where ENGINES_COMMAND names a program that takes "stop kafka", "start kafka" and "wipe kafka", Kafka is stopped and
wiped as well. Ends with the line "N passed, N failed".`

const words = process.argv.slice(2)
const missing = ['REDIS_URL', 'MONGODB_URL', 'KAFKA_BROKERS', 'OPENSEARCH_URL'].filter(
  (name) => !process.env[name],
)

if (words.includes('--help')) process.stdout.write(`${HELP}\n`)
else if (missing.length > 0) {
  process.stderr.write(
    `${missing.join(' and ')} must say where the engine is, such as REDIS_URL=redis://127.0.0.1:6379 or KAFKA_BROKERS=127.0.0.1:9092.\n`,
  )
  process.stdout.write('0 passed, 1 failed\n')
  process.exitCode = 1
} else {
  const { passed, failed } = await runTests(
    words.length > 0 ? words : ['tests/engines/*.test.ts'],
    { ends: true },
  )
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
