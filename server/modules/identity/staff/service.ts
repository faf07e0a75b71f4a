import { identityProblem } from '#contracts/identity/problems.ts'
import type { StaffMember, TeamMember } from '#contracts/identity/staff.ts'
import {
  OPERATOR_ROLES,
  type OperatorRole,
  type Permission,
  SELLER_ROLES,
  type SellerRole,
} from '#contracts/kit/permissions.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { deleteKeysOf } from '../keys/repository.ts'
import { assertWithin } from '../model.ts'
import { endSessions } from '../sessions/repository.ts'
import type { Tools } from '../tools.ts'
import {
  grantRoles,
  listMembers,
  lockTeam,
  type Role,
  type StoredMember,
  setStatus,
  type TeamId,
  takeRoles,
} from './repository.ts'

/** Who asks: nobody gives or takes rights that he does not have himself. */
export type Granter = Readonly<{
  by: string
  /** Absent: all of them. */
  permissions: readonly Permission[] | undefined
}>

type OfMember = Readonly<{ team: TeamId; accountId: string; granter: Granter }>

/** Changes of the operators and of sellers' teams. In each somebody stays who may do everything. */
export type Staff = Readonly<{
  list(team: TeamId): Promise<StoredMember[]>
  /** @throws not_found, identity.last_owner, identity.scope_beyond_rights */
  setRoles(input: OfMember & Readonly<{ roles: readonly Role[] }>): Promise<StoredMember>
  /** Takes roles and keys; again does nothing. @throws as `setRoles` */
  remove(input: OfMember): Promise<void>
  /** Locks an operator's account out, or lets it in again. @throws as `setRoles` */
  setDisabled(
    input: Omit<OfMember, 'team'> & Readonly<{ isDisabled: boolean }>,
  ): Promise<StoredMember>
}>

export function makeStaff({ db, clock, sessions, keys, outbox }: Tools): Staff {
  /** Changes one member in a transaction, and looks at the team that is left. */
  async function change(
    { team, accountId, granter }: OfMember,
    work: (tx: Tx, member: StoredMember | undefined) => Promise<void>,
  ): Promise<StoredMember | undefined> {
    const changed = await db.tx(async (tx) => {
      await lockTeam(tx, team)
      const before = (await listMembers(tx, team)).find((one) => one.accountId === accountId)
      if (before) assertWithin(granter.permissions, permissionsOf(team, before.roles))
      await work(tx, before)
      const after = await listMembers(tx, team)
      const isOwnerLeft = after.some((one) => mayEverything(one))
      if (before && mayEverything(before) && !isOwnerLeft)
        throw identityProblem('identity.last_owner')
      await sessions.announceChange(tx, accountId)
      return after.find((one) => one.accountId === accountId)
    })
    sessions.forget(accountId)
    keys.forget(accountId)
    outbox.appended.strike()
    return changed
  }

  async function changeMember(...input: Parameters<typeof change>): Promise<StoredMember> {
    const [of, work] = input
    const member = await change(of, async (tx, before) => {
      if (!before) throw generalProblem('not_found')
      await work(tx, before)
    })
    if (!member) throw generalProblem('not_found')
    return member
  }

  return {
    list: (team) => listMembers(db, team),
    setRoles({ roles, ...of }) {
      const { team, accountId, granter } = of
      assertWithin(granter.permissions, permissionsOf(team, roles))
      return changeMember(of, async (tx) => {
        if (team === null) await takeRoles(tx, { team, accountId, but: roles })
        const at = clock.now().toISOString()
        await grantRoles(tx, { team, accountId, roles, by: granter.by, at })
      })
    },
    async remove(of) {
      const { team, accountId } = of
      await change(of, async (tx) => {
        await takeRoles(tx, { team, accountId })
        await deleteKeysOf(tx, { accountId, sellerId: team })
      })
    },
    setDisabled({ isDisabled, ...of }) {
      const { accountId } = of
      return changeMember({ ...of, team: null }, async (tx) => {
        await setStatus(tx, { accountId, status: isDisabled ? 'disabled' : 'active' })
        if (isDisabled) await endSessions(tx, { accountId })
      })
    },
  }
}

function mayEverything({ status, roles }: StoredMember): boolean {
  return status === 'active' && roles.some((role) => role === 'admin' || role === 'owner')
}

/** What roles allow in a team. */
export function permissionsOf(team: TeamId, roles: readonly Role[]): readonly Permission[] {
  return roles.flatMap<Permission>((role) =>
    team === null ? OPERATOR_ROLES[role as OperatorRole] : SELLER_ROLES[role as SellerRole],
  )
}

export function toStaffMember(member: StoredMember): StaffMember {
  const { status, roles, ...rest } = member
  return { ...rest, roles: roles as OperatorRole[], isDisabled: status === 'disabled' }
}

export function toTeamMember({ status: _, roles, ...rest }: StoredMember): TeamMember {
  return { ...rest, role: roles[0] as SellerRole }
}
