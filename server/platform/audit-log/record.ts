import { Problem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { statement, type Tx } from '../db/statement.ts'
import type { Diff } from '../diff.ts'
import { type Actor, actorName, staffNameOf } from '../http/actor.ts'
import { type Ids, timeOf } from '../ids.ts'
import { currentRequestId, type Log } from '../log.ts'
import { type AuditEntry, textOf, withoutWords } from './entry.ts'
import { createRefusals, type Refusal } from './refusals.ts'

type Noted = Pick<AuditEntry, 'actor' | 'action' | 'entityId' | 'details'>

/** A call of a route, as far as the audit log has to know it. */
export type AuditedCall = Readonly<{
  route: RouteSpec
  actor: Actor
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, unknown>>
  json: unknown
}>

export type AuditTrail = Readonly<{
  /**
   * Runs a call of staff that changes or takes out something: it is kept before it is done, so that nothing is done
   * that is not kept, and then how it ended. Other calls just run.
   */
  around<Reply extends { status: number }>(
    call: AuditedCall,
    run: () => Promise<Reply>,
  ): Promise<Reply>
  /** Keeps what was done outside of a call, such as by a command. */
  note(noted: Noted): Promise<void>
  /** Keeps that staff were turned away: a moment later, and what comes again and again as a number. */
  refused(call: AuditedCall, code: string): void
  /** Writes what was turned away and is due, or all of it. @returns how many entries that were. */
  tellRefusals(options?: Readonly<{ all: boolean }>): Promise<number>
}>

const insertQueued = statement(
  'platform.queue_audit_entries',
  `insert into platform.audit_queue (id, entry, outcome)
   select id, entry, $3 from unnest($1::text[], $2::text[]) as q (id, entry)`,
)
const finishQueued = statement<{ id: string }>(
  'platform.finish_audit_entry',
  'update platform.audit_queue set outcome = $2 where id = $1 returning id',
)

type Deps = Readonly<{ db: Database; ids: Ids; clock: Clock; log: Log }>

export function createAuditTrail({ db, ids, clock, log }: Deps): AuditTrail {
  const make = (noted: Noted): AuditEntry => ({
    ...noted,
    id: ids.make('aud'),
    at: clock.now().toISOString(),
    requestId: currentRequestId() ?? null,
    outcome: '',
  })

  const refusals = createRefusals<AuditEntry & Refusal>({
    clock,
    log,
    async write({ code, ...entry }, times) {
      const told = { ...entry, details: { ...entry.details, times } }
      await insertQueued(db, [[entry.id], [textOf(told)], `refused ${code}`])
    },
  })

  /** An entry that is already in the log, as of unknown outcome, is followed by what came of it. */
  async function finish(entry: AuditEntry, outcome: string): Promise<void> {
    const [found] = await finishQueued(db, [entry.id, outcome])
    if (found) return
    const late = make({ ...entry, details: { outcomeOf: entry.id } })
    await insertQueued(db, [[late.id], [textOf(late)], outcome])
  }

  return {
    async around(call, run) {
      if (!isAudited(call)) return run()
      const entry = make(describe(call))
      await insertQueued(db, [[entry.id], [textOf(entry)], null])
      try {
        const reply = await run()
        await finish(entry, 'done')
        return reply
      } catch (error) {
        await finish(entry, error instanceof Problem ? `refused ${error.code}` : 'failed')
        throw error
      }
    },
    async note(noted) {
      const entry = make(noted)
      await insertQueued(db, [[entry.id], [textOf(entry)], 'done'])
    },
    refused(call, code) {
      const actor = staffNameOf(call.actor)
      if (actor !== undefined) refusals.add({ ...make({ ...describeAttempt(call), actor }), code })
    },
    tellRefusals: refusals.flush,
  }
}

/** A diff longer than this is told by its fields' names. */
const MOST_DIFF_LETTERS = 16_000

/**
 * Keeps changes that a module knows field by field, in their own transaction. What machines do by themselves
 * (`system:…`) is not kept.
 */
export async function auditChanges(
  tx: Tx,
  ids: Ids,
  changes: readonly Readonly<{ actor: string; action: string; entityId: string; diff: Diff }>[],
): Promise<void> {
  const entries = changes
    .filter(({ actor }) => !actor.startsWith('system:'))
    .map(({ diff, ...change }): AuditEntry => {
      const id = ids.make('aud')
      const at = timeOf(id).toISOString()
      const isLong = JSON.stringify(diff).length > MOST_DIFF_LETTERS
      const details = isLong ? { fields: Object.keys(diff) } : { diff }
      return { ...change, id, at, details, requestId: currentRequestId() ?? null, outcome: '' }
    })
  if (entries.length === 0) return
  await insertQueued(tx, [entries.map(({ id }) => id), entries.map(textOf), 'done'])
}

function isAudited({ route, actor }: AuditedCall): boolean {
  const isStaff = actor.kind === 'operator' || actor.kind === 'seller'
  return isStaff && (route.method !== 'GET' || route.traffic === 'export')
}

/** An attempt's words were looked at by nothing yet: none is kept but ids. */
function describeAttempt({ route, params, query }: AuditedCall): Omit<Noted, 'actor'> {
  const tried = withoutWords(params) as Record<string, string>
  const last = Object.keys(params).at(-1)
  const isId = last !== undefined && tried[last] === params[last]
  const details = {
    ...(last === undefined ? {} : { params: tried }),
    ...(Object.keys(query).length === 0 ? {} : { query: withoutWords(query) }),
  }
  return { action: route.operation, entityId: isId ? (params[last] as string) : null, details }
}

function describe({ route, actor, params, query, json }: AuditedCall): Noted {
  const sent = json === undefined ? {} : { body: withoutWords(json) }
  const asked = Object.keys(query).length === 0 ? {} : { query: withoutWords(query) }
  return {
    actor: actorName(actor),
    action: route.operation,
    entityId: Object.values(params).at(-1) ?? null,
    details: { ...(Object.keys(params).length === 0 ? {} : { params }), ...asked, ...sent },
  }
}
