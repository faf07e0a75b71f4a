import * as contract from '#contracts/identity/staff.ts'
import { actorName } from '../../../platform/http/actor.ts'
import { type Binding, bind, type CallContext } from '../../../platform/http/binding.ts'
import { assertTeam, sourceOf, staffOf } from '../caller.ts'
import { assertWithin } from '../model.ts'
import type { Service } from '../service.ts'
import { type Granter, permissionsOf, toStaffMember, toTeamMember } from '../staff/service.ts'

const NOTHING = { status: 204, body: undefined } as const

export function staffBindings(service: Service): readonly Binding[] {
  const { staff, invitations } = service
  const team = null
  const granterOf = makeGranterOf(service)
  return [
    bind(contract.listStaff, async () => {
      const items = (await staff.list(team)).map(toStaffMember)
      const open = await invitations.list(team)
      return { status: 200, body: { items, invitations: open, nextCursor: null } }
    }),
    bind(contract.inviteStaff, async ({ body }, context) => {
      const { permissions, by } = granterOf(context)
      assertWithin(permissions, permissionsOf(team, body.roles))
      const { language = 'en' } = body
      return { status: 201, body: await invitations.invite({ ...body, language, team, by }) }
    }),
    bind(contract.revokeInvitation, async ({ params }) => {
      await invitations.revoke({ ...params, team })
      return NOTHING
    }),
    bind(contract.setStaffRoles, async ({ params, body }, context) => {
      const granter = granterOf(context)
      const member = await staff.setRoles({ ...params, ...body, team, granter })
      return { status: 200, body: toStaffMember(member) }
    }),
    bind(contract.removeStaff, async ({ params }, context) => {
      await staff.remove({ ...params, team, granter: granterOf(context) })
      return NOTHING
    }),
    bind(contract.disableStaff, async ({ params }, context) => {
      const granter = granterOf(context)
      const member = await staff.setDisabled({ ...params, granter, isDisabled: true })
      return { status: 200, body: toStaffMember(member) }
    }),
    bind(contract.enableStaff, async ({ params }, context) => {
      const granter = granterOf(context)
      const member = await staff.setDisabled({ ...params, granter, isDisabled: false })
      return { status: 200, body: toStaffMember(member) }
    }),
    bind(contract.acceptInvitation, async ({ body }, context) => {
      const { actor } = context
      const signedInAs = actor.kind === 'guest' || !actor.session ? null : actor.id
      const { email } = await invitations.accept({ ...body, ...sourceOf(context), signedInAs })
      return { status: 200, body: { status: 'accepted' as const, email } }
    }),
    ...teamBindings(service),
  ]
}

/** Sellers' teams: by those of the team who may, and by operators. */
function teamBindings(service: Service): readonly Binding[] {
  const { staff, invitations } = service
  const granterOf = makeGranterOf(service)
  return [
    bind(contract.listTeam, async ({ params: { sellerId: team } }, context) => {
      assertTeam(context, team)
      const items = (await staff.list(team)).map(toTeamMember)
      const open = await invitations.list(team)
      return { status: 200, body: { items, invitations: open, nextCursor: null } }
    }),
    bind(contract.inviteToTeam, async ({ params: { sellerId: team }, body }, context) => {
      assertTeam(context, team)
      const { permissions, by } = granterOf(context)
      const { role, language = 'en', email } = body
      assertWithin(permissions, permissionsOf(team, [role]))
      const invited = await invitations.invite({ team, email, roles: [role], language, by })
      return { status: 201, body: invited }
    }),
    bind(contract.revokeTeamInvitation, async ({ params }, context) => {
      const { sellerId: team, invitationId } = params
      assertTeam(context, team)
      await invitations.revoke({ team, invitationId })
      return NOTHING
    }),
    bind(contract.setTeamRole, async ({ params, body }, context) => {
      const { sellerId: team, accountId } = params
      assertTeam(context, team)
      const granter = granterOf(context)
      const member = await staff.setRoles({ team, accountId, granter, roles: [body.role] })
      return { status: 200, body: toTeamMember(member) }
    }),
    bind(contract.removeFromTeam, async ({ params }, context) => {
      const { sellerId: team, accountId } = params
      assertTeam(context, team)
      await staff.remove({ team, accountId, granter: granterOf(context) })
      return NOTHING
    }),
  ]
}

function makeGranterOf({ tools: { clock } }: Service): (context: CallContext) => Granter {
  return (context) => {
    const actor = staffOf(context, clock)
    return { by: actorName(actor), permissions: actor.permissions }
  }
}
