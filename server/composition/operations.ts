import { auditLogRoutes } from '../audit-log.ts'
import { cspReportJobs, cspReportRoutes } from '../csp-reports.ts'
import { parkedEventRoutes } from '../parked-events.ts'
import { auditLogParts } from '../platform/audit-log/chain.ts'
import { type AuditTrail, createAuditTrail } from '../platform/audit-log/record.ts'
import type { Database } from '../platform/db/database.ts'
import type { Consumer } from '../platform/events/consumer.ts'
import { housekeeping } from '../platform/housekeeping.ts'
import type { Idempotency } from '../platform/idempotency.ts'
import type { Ids } from '../platform/ids.ts'
import { sealedMails } from '../platform/mail/mailbox.ts'
import type { JobHandler, ModuleParts, Ticker } from '../platform/module.ts'
import { type Resealed, resealColumn } from '../platform/sealed-columns.ts'
import type { Vault } from '../platform/vault.ts'
import type { ShopOptions } from '../shop-options.ts'
import { publishAuditHead } from './audit-heads.ts'

type Deps = Pick<ShopOptions, 'config' | 'clock' | 'log'> &
  Readonly<{
    db: Database
    ids: Ids
    idempotency: Idempotency
    vault: Vault
    /** Of all modules. */
    consumers: readonly Consumer[]
    /** The modules of this process. */
    parts: readonly Pick<ModuleParts<unknown>, 'sealed'>[]
  }>

export type Operations = Readonly<{
  /** Keeps what is done without a call, such as by a command. */
  audit: AuditTrail
  vault: Vault
  /** Seals anew what hangs on an old key, in all columns; or only counts it. */
  reseal(how: Readonly<{ renew: boolean; signal?: AbortSignal }>): Promise<Resealed[]>
  parts: Pick<ModuleParts<never>, 'routes' | 'tickers' | 'jobs'>
}>

/** After this time every process knows a key that was added where keys are kept. */
export const KEYS_ARE_KNOWN_MS = 5_000

/** What runs a shop and concerns all modules, so that it is none's. */
export function createOperations(deps: Deps): Operations {
  const { db, log, config, idempotency, consumers, vault } = deps
  const audit = createAuditTrail(deps)
  const auditLog = auditLogParts({ db, log, audit, publish: publishAuditHead(config) })
  const sealed = [...deps.parts.flatMap((part) => part.sealed ?? []), sealedMails]
  const reseal: Operations['reseal'] = async (how) => {
    const done: Resealed[] = []
    for (const column of sealed) done.push(await resealColumn({ db, vault }, column, how))
    return done
  }
  return {
    audit,
    vault,
    reseal,
    parts: {
      routes: [
        ...parkedEventRoutes(db, consumers),
        ...auditLogRoutes(db),
        ...cspReportRoutes(deps),
      ],
      tickers: [...auditLog.tickers, refreshKeys(vault)],
      jobs: [
        ...housekeeping({ db, idempotency }),
        ...auditLog.jobs,
        finishRotation(vault, reseal),
        ...cspReportJobs(deps),
      ],
    },
  }
}

function refreshKeys(vault: Vault): Ticker {
  return {
    name: 'platform.refresh_vault_keys',
    everyMs: KEYS_ARE_KNOWN_MS,
    async run() {
      vault.refresh()
      return 0
    },
  }
}

/** Goes on with a rotation whose command was ended before it was done. */
function finishRotation(vault: Vault, reseal: Operations['reseal']): JobHandler {
  return {
    name: 'platform.reseal',
    cron: '20 * * * *',
    async run(_payload, { signal }) {
      if (vault.keyIds().length > 1) await reseal({ renew: true, signal })
    },
  }
}
