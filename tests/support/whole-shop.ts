import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after } from 'node:test'
import { allRoutes } from '../../contracts/routes.ts'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import { mountApps } from '../../server/cli/mount.ts'
import { readConfig } from '../../server/config.ts'
import { createShop, type Shop } from '../../server/main.ts'
import { whoIsBehind } from '../../server/platform/audit.ts'
import { systemChance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { fillPath } from '../../server/platform/http/execute.ts'
import { createLog } from '../../server/platform/log.ts'
import { freePortPair } from './ports.ts'
import { createTestDatabase } from './postgres.ts'
import { smallDataFolder, temporaryHome } from './shop-process.ts'
import { eventually } from './shopper.ts'
import { BANK_KEY, BANK_SECRET, openTestBank } from './test-bank.ts'

export const OPERATOR_KEY = 'the-key-of-the-whole-shop'
export const PASSWORD = 'plum kettle orbit 42'

export type Ask = Readonly<{
  method?: string
  token?: string | undefined
  headers?: Readonly<Record<string, string>>
  body?: unknown
  /** A body as it is, of the content type that the headers name. */
  raw?: string
}>

export type Reply = Readonly<{
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  json: any
}>

export type Person = Readonly<{ id: string; email: string; token: string; client: Client }>

/**
 * The whole shop in this process: API, pages, a small catalogue, the test bank, on a database of
 * its own, at a free port. Ends with the test file.
 */
export async function openWholeShop(env: Readonly<Record<string, string>> = {}) {
  const { home, remove } = temporaryHome()
  const data = await smallDataFolder(6)
  const database = await createTestDatabase()
  const port = await freePortPair()
  const url = `http://127.0.0.1:${port}`
  const bank = await openTestBank({ webhookUrl: `${url}/api/v1/payments/webhooks/test` })
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: String(port),
    STOA_HOME: home,
    STOA_DATA: data.folder,
    STAFF_SECOND_FACTOR: 'optional',
    ...env,
  })
  const printed: string[] = []
  const log = createLog(env['LOG_LEVEL'] ?? 'warn', {
    write: (line: string) => void printed.push(line),
  })
  const shop = createShop({
    config,
    databaseUrl: database.url,
    operatorKey: OPERATOR_KEY,
    vaultKeys: [{ id: 'k1', key: systemChance.bytes(32) }],
    provider: { baseUrl: bank.url, apiKey: BANK_KEY, webhookSecrets: [BANK_SECRET] },
    clock: systemClock,
    chance: systemChance,
    log,
  })
  after(async () => {
    await shop.stop()
    await database.drop()
    data.remove()
    remove()
  })
  assert.ok(shop.modules.shop)
  await shop.modules.shop.catalog.importer.loadDemo({ folder: join(data.folder, 'demo') })
  await mountApps(shop, config, { publicUrl: bank.url }, OPERATOR_KEY, log)
  await shop.start()
  await shop.app.listen({ port, host: '127.0.0.1' })
  shop.ready()
  const client = createClient({ transport: httpTransport(url) })
  await eventually(
    () => whoIsBehind(shop.db),
    (behind) => behind.length === 0,
  )
  await eventually(
    () => client.search({ query: { q: '', inStock: true } }),
    (found) => found.ok && found.data.total > 0,
  )
  return { shop, url, client, bank, config, printed, ...people(shop, url) }
}

function people({ db, modules }: Shop, url: string) {
  const identity = modules.shop?.identity.api
  assert.ok(identity)
  const ask = async (path: string, asked: Ask = {}): Promise<Reply> => {
    const { method = 'GET', token, headers, body, raw } = asked
    const reply = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(raw === undefined ? {} : { body: raw }),
    })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') && text !== ''
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    }
  }

  async function signIn(email: string): Promise<Person> {
    const signedIn = await ask('/api/v1/auth/login', {
      method: 'POST',
      body: { email, password: PASSWORD },
    })
    assert.equal(signedIn.status, 200, signedIn.text)
    const { token, account } = signedIn.json
    const transport = httpTransport(url)
    return { id: account.id, email, token, client: createClient({ transport, token }) }
  }

  async function register(email: string, name: string): Promise<Person> {
    const body = { email, name, password: PASSWORD }
    const registered = await ask('/api/v1/auth/register', { method: 'POST', body })
    assert.equal(registered.status, 201, registered.text)
    return signIn(email)
  }

  return {
    ask,
    register,
    signIn,
    /** An operator with one of the roles. */
    async operator(role: Parameters<typeof identity.createOperator>[0]['role']): Promise<Person> {
      const email = `${role}@staff.example`
      await identity.createOperator({ email, name: `The ${role}`, password: PASSWORD, role })
      return signIn(email)
    },
    /** Somebody of a seller's team. */
    async member(sellerId: string, role: string): Promise<Person> {
      const person = await register(`${role}@${sellerId.replace('_', '-')}.example`, 'A seller')
      await db.query({
        text: `insert into identity.seller_members (seller_id, account_id, role, granted_by, granted_at)
               values ($1, $2, $3, 'test', now())`,
        values: [sellerId, person.id, role],
      })
      return signIn(person.email)
    },
    /** The address of a route, with its places filled in. */
    pathOf(operation: string, params: Readonly<Record<string, string>> = {}): string {
      const route = allRoutes.find((one) => one.operation === operation)
      assert.ok(route, operation)
      return fillPath(route.path, params)
    },
  }
}
