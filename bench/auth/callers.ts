import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import type { ShopProcess } from '../../tests/support/shop-process.ts'
import { unwrap } from '../../tests/support/shopper.ts'

const PASSWORD = 'plum kettle orbit 42'
const STOA = join(import.meta.dirname, '../../server/cli/main.ts')

/** Session tokens of so many customers. */
export function signInCustomers({ client }: ShopProcess, count: number): Promise<string[]> {
  const people = Array.from({ length: count }, (_, n) => `bench${n}@example.com`)
  return Promise.all(
    people.map(async (email) => {
      unwrap(await client.register({ body: { email, password: PASSWORD, name: 'A customer' } }))
      return signIn(client, email)
    }),
  )
}

/** So many keys for programs, made by an operator. */
export async function makeKeys(
  shop: ShopProcess,
  { dataFolder, count }: Readonly<{ dataFolder: string; count: number }>,
): Promise<string[]> {
  const email = 'operator@example.com'
  const env = { ...process.env, STOA_HOME: shop.home, STOA_DATA: dataFolder, LOG_LEVEL: 'error' }
  const words = [STOA, 'operator', 'create', email]
  const { status, stderr } = spawnSync(process.execPath, words, { env, input: PASSWORD })
  if (status !== 0) throw new Error(`No operator was made: ${stderr}`)
  const token = await signIn(shop.client, email)
  const operator = createClient({ transport: httpTransport(shop.url), token })
  const keys: string[] = []
  for (let n = 0; n < count; n += 1) {
    const body = { name: `bench ${n}`, scopes: ['catalog.read' as const], expiresInDays: 1 }
    keys.push(unwrap(await operator.createApiKey({ body })).key)
  }
  return keys
}

async function signIn(client: ShopProcess['client'], email: string): Promise<string> {
  const signedIn = unwrap(await client.login({ body: { email, password: PASSWORD } }))
  if (signedIn.status !== 'signed_in' || !signedIn.token) throw new Error(`${email} is not in`)
  return signedIn.token
}
