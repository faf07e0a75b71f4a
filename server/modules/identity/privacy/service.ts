import { strToU8, zipSync } from 'fflate'
import { accountErased } from '#contracts/identity/events.ts'
import type { ErasureReport } from '#contracts/identity/privacy.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { DataSubject } from '../../../platform/module.ts'
import { findAccount } from '../repository.ts'
import type { Tools } from '../tools.ts'
import { eraseLater } from './late-erasures.ts'
import { collectPerson, erasePerson } from './repository.ts'

export type Privacy = Readonly<{
  /** A ZIP archive with a file of JSON for each module, and one that says what they are. */
  export(input: Readonly<{ accountId: string }>): Promise<Uint8Array>
  /**
   * Erases in every module, this one last: after a failure it can be asked for again. What comes
   * after it (events on their way, what processes hold in memory) goes a minute later.
   */
  erase(input: Readonly<{ accountId: string }>): Promise<ErasureReport>
}>

/** A person's rights to a copy and to an end (GDPR, articles 15, 17 and 20). */
export function makePrivacy(tools: Tools): Privacy {
  const { db, clock, orders, outbox, personalData, sessions } = tools

  /** An unproven address may be somebody else's: nothing that hangs on it alone is given or erased. */
  async function subjectOf(accountId: string): Promise<DataSubject & { email: string }> {
    const account = await findAccount(db, accountId)
    if (!account) throw generalProblem('not_found')
    const emails = account.emailProvenAt === null ? [] : [account.email]
    return { accountId, emails, email: account.email }
  }

  return {
    async export({ accountId }) {
      const subject = await subjectOf(accountId)
      const parts: Record<string, unknown> = { identity: await collectPerson(db, accountId) }
      for (const [name, keeper] of Object.entries(personalData))
        parts[name] = await keeper.export(subject)
      const made = { accountId, madeAt: clock.now().toISOString(), files: Object.keys(parts) }
      const files = Object.entries({ about: made, ...parts }).map(
        ([name, part]) => [`${name}.json`, strToU8(JSON.stringify(part, null, 2))] as const,
      )
      return zipSync(Object.fromEntries(files))
    },

    async erase({ accountId }) {
      const subject = await subjectOf(accountId)
      const { email, emails } = subject
      // What was bought as a guest since the address was proven.
      for (const proven of emails)
        await orders.claimGuestOrders({ customerId: accountId, email: proven })
      const tables = []
      for (const keeper of Object.values(personalData))
        tables.push(...(await keeper.erase(subject)))
      const own = await db.tx(async (tx) => {
        await outbox.append(tx, [
          { spec: accountErased, aggregateId: accountId, payload: { accountId } },
        ])
        await sessions.announceChange(tx, accountId)
        await eraseLater(tx, { accountId, at: clock.now() })
        return erasePerson(tx, { accountId, email, isProven: emails.length > 0 })
      })
      sessions.forget(accountId)
      outbox.appended.strike()
      return { accountId, erasedAt: clock.now().toISOString(), tables: [...tables, ...own] }
    },
  }
}
