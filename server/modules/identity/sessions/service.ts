import { accessChanged } from '#contracts/identity/events.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { Principal } from '../../../platform/http/actor.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import { createAccessCache, type Found } from '../access-cache.ts'
import {
  hashOf,
  makeToken,
  permissionsOf,
  SESSION_LIFE,
  sellerPermissionsOf,
  shardOfToken,
} from '../model.ts'
import { findAccount, isStaff, type StoredAccount } from '../repository.ts'
import { findSession, insertSession, listSessionsOf, seeSession } from './repository.ts'

const SESSION_PREFIX = 'ses'

/** How often a session in use is noted as seen. */
const SEEN_EVERY_MS = 5 * 60_000

type Cached = Described & Readonly<{ principal: Principal }>

/** A session as its owner is told of it. */
export type Described = Readonly<{
  account: StoredAccount
  expiresAt: string
  /** Whether it opens nothing of staff's, for want of a second factor. */
  isWaiting: boolean
}>

export type Sessions = Readonly<{
  /** The account and the end of a session; from memory if it was just recognised. */
  describe(
    session: Readonly<{ accountId: string; sessionId: string }>,
  ): Promise<Described | undefined>
  /** Makes a session in the caller's transaction. @returns its token, which is kept nowhere. */
  open(
    tx: Tx,
    input: Readonly<{ account: StoredAccount; device: string; isTwoFactor: boolean }>,
  ): Promise<Readonly<{ token: string; expiresAt: string; isWaiting: boolean }>>
  /** Whose session this token opens; undefined if it opens none. */
  recognise(token: string): Promise<Principal | undefined>
  /** The same, as far as memory knows it. */
  recall(token: string): Principal | undefined
  /** Tells all processes that what they know of the account is void. */
  announceChange(tx: Tx, accountId: string): Promise<void>
  /** Forgets an account here and now: for the process that made the change or heard of it. */
  forget(accountId: string): void
}>

export function createSessions({
  db,
  ids,
  clock,
  chance,
  outbox,
  staffSecondFactor,
}: Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  chance: Chance
  outbox: Outbox
  /** Whether staff act as such only in sessions of two factors. */
  staffSecondFactor: boolean
}>): Sessions {
  const cache = createAccessCache<Cached>({ clock })
  const nowMs = () => clock.now().getTime()
  const isWaitingIn = (account: StoredAccount, { isTwoFactor }: { isTwoFactor: boolean }) =>
    staffSecondFactor && !isTwoFactor && isStaff(account)

  async function read(token: string): Promise<Found<Cached> | undefined> {
    const shard = shardOfToken(token, SESSION_PREFIX)
    if (shard === undefined) return undefined
    const tokenHash = hashOf(token)
    const at = clock.now().toISOString()
    const session = await findSession(db, { shard, tokenHash, at })
    const account = session && (await findAccount(db, session.accountId))
    if (!session || !account) return undefined
    if (nowMs() - Date.parse(session.lastSeenAt) > SEEN_EVERY_MS)
      await seeSession(db, { shard, tokenHash, at })
    const { id: name, accountId, endsAt, authenticatedAt } = session
    const signedIn = { sessionId: name, authenticatedAt }
    const isWaiting = isWaitingIn(account, session)
    const principal = isWaiting
      ? waitingPrincipal(account, signedIn)
      : principalOf(account, signedIn)
    const value = { principal, account, expiresAt: endsAt, isWaiting }
    return { value, accountId, name, endsAtMs: Date.parse(endsAt) }
  }

  return {
    async open(tx, { account, device, isTwoFactor }) {
      const token = makeToken(chance, SESSION_PREFIX, shardOf(account.id))
      const now = clock.now()
      const life = isStaff(account) ? SESSION_LIFE.staff : SESSION_LIFE.customer
      const expiresAt = new Date(now.getTime() + life.wholeMs).toISOString()
      await insertSession(tx, {
        tokenHash: hashOf(token),
        id: ids.make('ses', shardOf(account.id)),
        accountId: account.id,
        device,
        at: now.toISOString(),
        authenticatedAt: now.toISOString(),
        idleSeconds: life.idleMs / 1000,
        endsAt: expiresAt,
        isTwoFactor,
      })
      return { token, expiresAt, isWaiting: isWaitingIn(account, { isTwoFactor }) }
    },

    recall: (token) => cache.known(token)?.principal,
    async recognise(token) {
      const known = cache.known(token) ?? (await cache.learn(token, () => read(token)))
      return known?.principal
    },

    async announceChange(tx, accountId) {
      await outbox.append(tx, [
        { spec: accessChanged, aggregateId: accountId, payload: { accountId } },
      ])
    },

    forget: cache.forget,
    async describe({ accountId, sessionId }) {
      const known = cache.named(sessionId)
      if (known) return known
      // A change that was heard meanwhile keeps what was read out of memory.
      const account = await findAccount(db, accountId)
      const live = await listSessionsOf(db, { accountId, at: clock.now().toISOString() })
      const session = live.find(({ id }) => id === sessionId)
      if (!account || !session) return undefined
      return { account, expiresAt: session.endsAt, isWaiting: isWaitingIn(account, session) }
    },
  }
}

/** What an account may do, for the door. */
export function principalOf(account: StoredAccount, session: Principal['session']): Principal {
  return {
    accountId: account.id,
    ...(session ? { session } : {}),
    operator: permissionsOf(account.operatorRoles),
    sellers: account.sellers.map(({ sellerId, role }) => ({
      sellerId,
      permissions: sellerPermissionsOf(role),
    })),
  }
}

/** Of staff who have yet to set up or show a second factor: a shopper, and known for what they are. */
function waitingPrincipal(account: StoredAccount, session: Principal['session']): Principal {
  const waitsAs = account.operatorRoles.length > 0 ? 'operator' : 'seller'
  return { ...principalOf(account, session), operator: [], sellers: [], waitsAs }
}
