/** For `node --test --test-global-setup`: one PostgreSQL for the whole run, unless one is given. */
import { SERVER_VARIABLE, startTestPostgres, type TestPostgres } from './postgres.ts'

let server: TestPostgres | undefined

export async function globalSetup(): Promise<void> {
  if (process.env[SERVER_VARIABLE]) return
  server = await startTestPostgres()
  process.env[SERVER_VARIABLE] = server.url
}

export async function globalTeardown(): Promise<void> {
  await server?.stop()
}
