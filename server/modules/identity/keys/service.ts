import type { ApiKey } from '#contracts/identity/keys.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { Permission } from '#contracts/kit/permissions.ts'
import type { Principal } from '../../../platform/http/actor.ts'
import { shardOf } from '../../../platform/ids.ts'
import type { Ticker } from '../../../platform/module.ts'
import { createWriteBehind } from '../../../platform/write-behind.ts'
import { createAccessCache, type Found } from '../access-cache.ts'
import type { IdentityDeps } from '../deps.ts'
import { assertWithin, hashOf, makeToken, shardOfToken } from '../model.ts'
import { findAccount, getAccount } from '../repository.ts'
import { principalOf, type Sessions } from '../sessions/service.ts'
import {
  deleteKey,
  findKey,
  insertKey,
  KEYS_MAX,
  type KeyUse,
  listKeys,
  markKeysUsed,
  type StoredKey,
} from './repository.ts'

/** A prefix that finders of leaked secrets can know. */
export const KEY_PREFIX = 'stoa'
const START_LENGTH = 12
const DAY_MS = 86_400_000
/** How exactly a key's last use is known. */
const USE_EVERY_MS = 60_000

type Team = Readonly<{ sellerId: string | null }>

/**
 * Keys for programs: drawn by chance, shown once, kept as SHA-256. A key may do what its scopes name, and never more than
 * its owner may at that moment.
 */
export type Keys = Readonly<{
  /** What a key opens; undefined if it is none, has ended, or its owner has lost the right. */
  recognise(key: string): Promise<Principal | undefined>
  /** The same, as far as memory knows it. */
  recall(key: string): Principal | undefined
  /** Forgets an account's keys in this process. */
  forget(accountId: string): void
  list(team: Team): Promise<ApiKey[]>
  /** @throws identity.scope_beyond_rights, identity.key_limit */
  create(
    input: Team &
      Readonly<{
        accountId: string
        /** What the maker may do for the team. */
        permissions: readonly Permission[]
        name: string
        scopes: readonly Permission[]
        expiresInDays: number | null
      }>,
  ): Promise<ApiKey & Readonly<{ key: string }>>
  revoke(input: Team & Readonly<{ keyId: string }>): Promise<void>
  readonly tickers: readonly Ticker[]
}>

type Known = Readonly<{ principal: Principal; keyId: string }>

export function createKeys(deps: IdentityDeps, sessions: Sessions): Keys {
  const { db, ids, clock, chance, log, outbox } = deps
  const cache = createAccessCache<Known>({ clock })
  const lastNoted = new Map<string, number>()
  const uses = createWriteBehind<KeyUse>({
    what: 'uses of keys',
    capacity: 10_000,
    batch: 500,
    write: (rows) => markKeysUsed(db, rows),
    log,
  })

  function noteUse(id: string): void {
    const now = clock.now()
    const before = lastNoted.get(id) ?? 0
    if (now.getTime() - before < USE_EVERY_MS) return
    lastNoted.delete(id)
    lastNoted.set(id, now.getTime())
    if (lastNoted.size > KEYS_NOTED) lastNoted.delete(lastNoted.keys().next().value as string)
    uses.add({ id, at: now.toISOString() })
  }

  function used(found: Known | undefined): Principal | undefined {
    if (found) noteUse(found.keyId)
    return found?.principal
  }

  async function read(key: string): Promise<Found<Known> | undefined> {
    const shard = shardOfToken(key, KEY_PREFIX)
    if (shard === undefined) return undefined
    const found = await findKey(db, { shard, keyHash: hashOf(key), at: clock.now().toISOString() })
    const account = found && (await findAccount(db, found.accountId))
    if (!found || !account) return undefined
    const principal = asKey(principalOf(account, undefined), found)
    if (principal.operator.length === 0 && principal.sellers.length === 0) return undefined
    const { id: name, accountId } = found
    const endsAtMs = found.endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(found.endsAt)
    return { value: { principal, keyId: name }, accountId, name, endsAtMs }
  }

  return {
    recall: (key) => used(cache.known(key)),
    recognise: async (key) => used(cache.known(key) ?? (await cache.learn(key, () => read(key)))),
    forget: cache.forget,
    list: async ({ sellerId }) => (await listKeys(db, sellerId)).map(toApiKey),
    async create({ accountId, sellerId, permissions, name, scopes, expiresInDays }) {
      assertWithin(permissions, scopes)
      const owner = await getAccount(db, accountId)
      if ((await listKeys(db, sellerId)).length >= KEYS_MAX)
        throw identityProblem('identity.key_limit')
      const key = makeToken(chance, KEY_PREFIX, shardOf(accountId))
      const at = clock.now()
      const made = {
        id: ids.make('key', shardOf(accountId)),
        start: key.slice(0, START_LENGTH),
        name,
        accountId,
        sellerId,
        scopes: [...new Set(scopes)],
        createdAt: at.toISOString(),
        endsAt:
          expiresInDays === null
            ? null
            : new Date(at.getTime() + expiresInDays * DAY_MS).toISOString(),
      }
      await db.tx((tx) => insertKey(tx, { ...made, keyHash: hashOf(key) }))
      return { ...toApiKey({ ...made, ownerName: owner.name, lastUsedAt: null }), key }
    },
    async revoke({ keyId: id, sellerId }) {
      const accountId = await db.tx(async (tx) => {
        const owner = await deleteKey(tx, { id, sellerId })
        if (owner) await sessions.announceChange(tx, owner)
        return owner
      })
      if (accountId === undefined) return
      cache.forget(accountId)
      outbox.appended.strike()
    },
    tickers: [{ name: 'identity.write_key_uses', everyMs: 5_000, run: uses.flush }],
  }
}

const KEYS_NOTED = 10_000

/** What of its owner's rights a key has. */
function asKey(owner: Principal, { id, sellerId, scopes }: StoredKey): Principal {
  const within = (permissions: readonly Permission[]) =>
    scopes.includes('everything') && permissions.includes('everything')
      ? permissions
      : permissions.filter((permission) => scopes.includes(permission))
  const sellers = owner.sellers
    .filter((one) => one.sellerId === sellerId)
    .map((one) => ({ ...one, permissions: within(one.permissions) }))
    .filter(({ permissions }) => permissions.length > 0)
  // Counted and kept in the audit log by its own name: a key is not the person who made it.
  return {
    accountId: id,
    operator: sellerId === null ? within(owner.operator) : [],
    sellers: sellerId === null ? [] : sellers,
    isProgram: true,
  }
}

function toApiKey(stored: StoredKey): ApiKey {
  const { id, name, start, ownerName, scopes, createdAt, endsAt, lastUsedAt } = stored
  return {
    id,
    name,
    start,
    ownerName,
    scopes: [...scopes],
    createdAt,
    expiresAt: endsAt,
    lastUsedAt,
  }
}
