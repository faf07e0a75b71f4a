/** A program for the tests: holds a database, writes what it is told, says what was committed. */
import { createInterface } from 'node:readline'
import pg from 'pg'
import { StartError, startEmbeddedPostgres } from './index.ts'

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

try {
  const silent = { info() {}, warn() {} }
  const dataFolder = process.argv[2] ?? ''
  const postgres = await startEmbeddedPostgres({ dataFolder, log: silent })
  const client = new pg.Client({ connectionString: postgres.url })
  client.on('error', () => {})
  await client.connect()
  say({ ready: postgres.pid(), url: postgres.url })
  for await (const statement of createInterface({ input: process.stdin })) {
    await client.query(statement)
    say({ done: statement })
  }
  await client.end()
  await postgres.stop()
} catch (error) {
  say(
    error instanceof StartError
      ? { code: error.code, message: error.message }
      : { error: `${error}` },
  )
}
