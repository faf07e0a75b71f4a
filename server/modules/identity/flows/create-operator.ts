import { accountRegistered } from '#contracts/identity/events.ts'
import type { IdentityApi } from '../api.ts'
import { normalizeEmail } from '../model.ts'
import { insertAccount, listLogins, lockEmail } from '../repository.ts'
import { grantRoles } from '../staff/repository.ts'
import type { Tools } from '../tools.ts'

/** Makes the first operator, whom nobody else could invite. */
export function makeCreateOperator(tools: Tools): IdentityApi['createOperator'] {
  const { db, ids, clock, outbox, hasher, sessions } = tools
  return async ({ name, password, role, ...input }) => {
    const email = normalizeEmail(input.email)
    ;(await tools.rules()).check(password, { email, name })
    const known = (await listLogins(db, email)).find((login) => login.passwordHash !== null)
    const passwordHash = await hasher.hash(password, known?.passwordHash ?? undefined)
    return db.tx(async (tx) => {
      await lockEmail(tx, email)
      const proven = (await listLogins(tx, email)).find(({ isProven }) => isProven)
      const at = clock.now().toISOString()
      const id = proven?.accountId ?? ids.make('acc')
      if (!proven) {
        const language = null
        await insertAccount(tx, { id, email, name, language, passwordHash, isProven: true, at })
        const payload = { accountId: id }
        await outbox.append(tx, [{ spec: accountRegistered, aggregateId: id, payload }])
      }
      await grantRoles(tx, { team: null, accountId: id, roles: [role], by: 'command line', at })
      await sessions.announceChange(tx, id)
      return { accountId: id }
    })
  }
}
