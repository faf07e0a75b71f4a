import { createHash } from 'node:crypto'
import { generalProblem } from '#contracts/kit/problem.ts'
import { createBatcher } from './batcher.ts'
import type { Clock } from './clock.ts'
import { type Database, isConnectionError } from './db/database.ts'
import { statement } from './db/statement.ts'

/** A reply as it is kept and replayed: the bytes of the first answer. */
export type KeptReply = Readonly<{
  status: number
  body: string
  headers: Readonly<Record<string, string>>
}>

export type IdempotentCall = Readonly<{
  /** Who asks for what: account or guest, method and path. Keys of different scopes never meet. */
  scope: string
  key: string
  requestHash: Uint8Array
}>

export type Claim =
  | Readonly<{ kind: 'first' }>
  /** An earlier run died: run again, its effects are found again by the same key. */
  | Readonly<{ kind: 'resumed' }>
  | Readonly<{ kind: 'replay'; reply: KeptReply }>

export type Idempotency = Readonly<{
  /**
   * Claims the key before anything is done for it.
   * @throws idempotency_in_progress while the first call runs; idempotency_key_reused if the body
   * or the route was another.
   */
  claim(call: IdempotentCall): Promise<Claim>
  /** Keeps the answer. */
  finish(call: IdempotentCall, reply: KeptReply): Promise<void>
  /** Gives the key back: nothing was done (the request was refused as invalid). */
  abandon(call: IdempotentCall): Promise<void>
  /** Forgets keys older than `hours`. */
  sweep(hours: number): Promise<number>
}>

/** A first call that has not finished after this time is taken to be dead. */
const LEASE_SECONDS = 30

/** Looks at a key at most so often, while other processes claim it and give it back. */
const LOOKS = 5

const SWEEP_ROWS = 10_000

type ClaimRow = {
  /** False if another process inserted the key after this statement's snapshot: look again. */
  known: boolean
  claimed: boolean
  state: 'in_progress' | 'finished'
  same: boolean
  expired: boolean
  status: number | null
  reply: string | null
  headers: Record<string, string> | null
}

// Of several claims of one key in one batch the first (by n) inserts; the others are compared with
// it. A row that was removed after the snapshot must not answer for the one just inserted.
const claimKeys = statement<ClaimRow>(
  'platform.claim_keys',
  `with asked as (
     select * from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality as a(scope, key, hash, n)
   ), inserted as (
     insert into platform.idempotency_keys (scope, key, request_hash, state, lease_until)
     select distinct on (scope, key) scope, key, hash, 'in_progress', now() + interval '${LEASE_SECONDS} seconds'
     from asked order by scope, key, n
     on conflict do nothing
     returning scope, key
   )
   select i.scope is not null or k.scope is not null as known,
          i.scope is not null and a.n = min(a.n) over (partition by a.scope, a.key) as claimed,
          coalesce(k.state, 'in_progress') as state,
          coalesce(k.request_hash, first_value(a.hash) over (partition by a.scope, a.key order by a.n)) = a.hash as same,
          coalesce(k.lease_until < now(), false) as expired,
          k.status, k.reply, k.headers
   from asked a
   left join inserted i using (scope, key)
   left join platform.idempotency_keys k on i.scope is null and k.scope = a.scope and k.key = a.key
   order by a.n`,
)

const renewLease = statement<{ key: string }>(
  'platform.renew_lease',
  `update platform.idempotency_keys set lease_until = now() + interval '${LEASE_SECONDS} seconds'
   where scope = $1 and key = $2 and state = 'in_progress' and lease_until < now()
   returning key`,
)

const finishKeys = statement(
  'platform.finish_keys',
  `update platform.idempotency_keys k
   set state = 'finished', status = f.status, reply = f.reply, headers = f.headers
   from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::jsonb[]) as f(scope, key, status, reply, headers)
   where k.scope = f.scope and k.key = f.key and k.state = 'in_progress'`,
)

const abandonKeys = statement(
  'platform.abandon_keys',
  `delete from platform.idempotency_keys k using unnest($1::text[], $2::text[]) as a(scope, key)
   where k.scope = a.scope and k.key = a.key and k.state = 'in_progress'`,
)

const sweepKeys = statement<{ count: number }>(
  'platform.sweep_keys',
  `with gone as (
     delete from platform.idempotency_keys where ctid = any (array(
       select ctid from platform.idempotency_keys
       where created_at < now() - make_interval(hours => $1) limit ${SWEEP_ROWS}))
     returning 1
   ) select count(*)::int as count from gone`,
)

/** Hash of what makes two requests the same: method, path and body. */
export function hashRequest(method: string, path: string, body: unknown): Uint8Array {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonicalJson(body)}`)
    .digest()
}

/** JSON with the members of each object in order of name, so that spelling does not matter. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return ''
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function inOrder(a: IdempotentCall, b: IdempotentCall): number {
  return a.scope + a.key < b.scope + b.key ? -1 : 1
}

/** One row for each call. Keys that another process was inserting meanwhile are looked at again. */
async function claimAll(db: Database, calls: readonly IdempotentCall[]): Promise<ClaimRow[]> {
  const rows: ClaimRow[] = []
  let places = [...calls.keys()]
  for (let look = 1; places.length > 0 && look <= LOOKS; look += 1) {
    const asked = places.map((place) => calls[place] as IdempotentCall)
    const found = await claimKeys(db, [
      asked.map((call) => call.scope),
      asked.map((call) => call.key),
      asked.map((call) => call.requestHash),
    ])
    for (const [at, row] of found.entries()) rows[places[at] as number] = row
    places = places.filter((_, at) => !found[at]?.known)
  }
  // Still moving: the first call, whichever it is, is surely in progress.
  for (const place of places) rows[place] = { ...(rows[place] as ClaimRow), same: true }
  return rows
}

/**
 * Idempotency keys, after Stripe's rules (semantics 5): the row is inserted before execution, and
 * many calls share one statement.
 */
export function createIdempotency({ db }: Readonly<{ db: Database; clock: Clock }>): Idempotency {
  const claims = createBatcher<IdempotentCall, ClaimRow>({
    maxBatch: 500,
    concurrency: 2,
    fatal: isConnectionError,
    async run(calls) {
      const rows = await claimAll(db, calls)
      return rows.map((value) => ({ value }))
    },
  })
  const finishes = createBatcher<readonly [IdempotentCall, KeptReply], void>({
    maxBatch: 500,
    concurrency: 2,
    fatal: isConnectionError,
    async run(done) {
      const sorted = done.toSorted(([a], [b]) => inOrder(a, b))
      await finishKeys(db, [
        sorted.map(([call]) => call.scope),
        sorted.map(([call]) => call.key),
        sorted.map(([, reply]) => reply.status),
        sorted.map(([, reply]) => reply.body),
        sorted.map(([, reply]) => JSON.stringify(reply.headers)),
      ])
      return done.map(() => ({ value: undefined }))
    },
  })
  // When a batch of work fails as a whole, so many keys are given back at once.
  const abandonments = createBatcher<IdempotentCall, void>({
    maxBatch: 500,
    concurrency: 2,
    fatal: isConnectionError,
    async run(calls) {
      const sorted = calls.toSorted(inOrder)
      await abandonKeys(db, [sorted.map((call) => call.scope), sorted.map((call) => call.key)])
      return calls.map(() => ({ value: undefined }))
    },
  })

  return {
    async claim(call) {
      const row = await claims(call)
      if (row.claimed) return { kind: 'first' }
      if (!row.same) throw generalProblem('idempotency_key_reused')
      if (row.state === 'finished') {
        return {
          kind: 'replay',
          reply: { status: row.status ?? 200, body: row.reply ?? '', headers: row.headers ?? {} },
        }
      }
      if (row.expired && (await renewLease(db, [call.scope, call.key])).length > 0)
        return { kind: 'resumed' }
      throw generalProblem('idempotency_in_progress', { retryAfterSeconds: 1 })
    },
    finish: (call, reply) => finishes([call, reply]),
    abandon: (call) => abandonments(call),
    async sweep(hours) {
      let all = 0
      for (let count = SWEEP_ROWS; count === SWEEP_ROWS; all += count) {
        count = (await sweepKeys(db, [hours]))[0]?.count ?? 0
      }
      return all
    },
  }
}
