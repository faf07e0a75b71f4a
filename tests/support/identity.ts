import { join } from 'node:path'
import type { RouteSpec } from '../../contracts/kit/route.ts'
import { createIdentity } from '../../server/modules/identity/index.ts'
import { systemChance } from '../../server/platform/chance.ts'
import { createAuthenticator } from '../../server/platform/http/authenticate.ts'
import { createExecutor } from '../../server/platform/http/execute.ts'
import { createIdempotency } from '../../server/platform/idempotency.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createMailbox } from '../../server/platform/mail/mailbox.ts'
import { createLocalThrottle } from '../../server/platform/throttle.ts'
import { createVault } from '../../server/platform/vault.ts'
import { type TestClock, type TestPlatform, testClock, testPlatform } from './platform.ts'

export const ORIGIN = 'https://shop.test'
export const OPERATOR_KEY = 'the-operators-key'
export const GOOD_PASSWORD = 'plum kettle orbit 42'

export type Asked = Readonly<{
  params?: Readonly<Record<string, string>>
  body?: unknown
  token?: string
  headers?: Readonly<Record<string, string>>
  from?: string
}>

export type Told = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  body: any
}>

export type TestIdentity = Readonly<{
  platform: TestPlatform
  clock: TestClock
  identity: ReturnType<typeof createIdentity>
  /** Guests' orders that were claimed, and carts that were merged. */
  claimed: { customerId: string; email: string }[]
  merged: { guestCartId: string; customerId: string }[]
  ask(route: RouteSpec, asked?: Asked): Promise<Told>
  /** Runs what waits, and gives the newest mail to an address. */
  mailTo(email: string): Promise<{ subject: string; text: string } | undefined>
  /** The token in the newest mail's link. */
  linkTo(email: string): Promise<string>
}>

/** The module on a database of its own, with a cart, orders and addresses that say yes. */
export async function testIdentity(
  options: Partial<Parameters<typeof createIdentity>[0]> = {},
): Promise<TestIdentity> {
  const clock = testClock()
  const platform = await testPlatform({ clock })
  const { db, ids, outbox } = platform
  const chance = systemChance
  const vault = createVault({ keys: [{ id: 'k1', key: chance.bytes(32) }], chance })
  const claimed: TestIdentity['claimed'] = []
  const merged: TestIdentity['merged'] = []
  const identity = createIdentity({
    db,
    ids,
    clock,
    chance,
    outbox,
    log: silentLog,
    vault,
    mailbox: createMailbox({ db, ids, clock, log: silentLog, vault }),
    throttle: createLocalThrottle(clock),
    cart: {
      async merge(input) {
        merged.push(input)
        return { id: input.guestCartId } as never
      },
      current: async () => ({ cartId: null }),
    },
    orders: {
      async claimGuestOrders(input) {
        claimed.push(input)
        return { count: 0 }
      },
    },
    shipping: {
      checkAddress: async ({ address, path }) =>
        address.postalCode === 'wrong'
          ? [{ path: `${path}.postalCode`, message: 'is not a postal code of DE' }]
          : [],
    },
    personalData: {},
    referenceFolder: join(import.meta.dirname, '../../data/reference'),
    publicUrl: ORIGIN,
    staffSecondFactor: false,
    ...options,
  })
  const execute = createExecutor({
    idempotency: createIdempotency({ db, clock }),
    clock,
    log: silentLog,
    authenticate: createAuthenticator({
      operatorKey: OPERATOR_KEY,
      accounts: identity.api,
      cookie: { name: identity.cookie.name, origin: ORIGIN },
    }).authenticate,
    checkReplies: true,
  })
  const mailTo = async (email: string) => {
    for (const ticker of identity.tickers) while ((await ticker.run()) > 0);
    return (await identity.api.listMails({ limit: 100 })).find(({ to }) => to === email)
  }
  return {
    platform,
    clock,
    identity,
    claimed,
    merged,
    mailTo,
    async linkTo(email) {
      const mail = await mailTo(email)
      const token = /[?&]token=([\w-]+)/.exec(mail?.text ?? '')?.[1]
      if (!token) throw new Error(`No link was sent to ${email}: ${mail?.subject}`)
      return token
    },
    async ask(route, asked = {}) {
      const binding = identity.routes.find((one) => one.route === route)
      if (!binding) throw new Error(`Nothing answers ${route.operation}`)
      const { status, headers, body } = await execute(binding, {
        params: asked.params ?? {},
        query: {},
        body: asked.body === undefined ? '' : JSON.stringify(asked.body),
        headers: {
          ...(asked.token ? { authorization: `Bearer ${asked.token}` } : {}),
          ...asked.headers,
        },
        requestId: 'req_test',
        remoteAddress: asked.from ?? '192.0.2.1',
      })
      if (headers['content-type'] === 'application/zip') return { status, headers, body }
      const text = Buffer.from(body as string).toString()
      return { status, headers, body: text === '' ? undefined : JSON.parse(text) }
    },
  }
}
