import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Language } from '../kit/language.ts'
import { Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  CeremonyToken,
  Email,
  OPERATOR_ROLE_NAMES,
  PasswordText,
  PersonName,
  SELLER_ROLE_NAMES,
} from './schemas.ts'

const OperatorRoles = z.array(z.enum(OPERATOR_ROLE_NAMES)).min(1).max(OPERATOR_ROLE_NAMES.length)
const SellerRoleName = z.enum(SELLER_ROLE_NAMES)

const person = {
  accountId: z.string(),
  email: z.string(),
  name: z.string(),
  hasSecondFactor: z.boolean().describe('An authenticator app or a passkey'),
  since: Timestamp,
}
export const StaffMember = z
  .strictObject({ ...person, roles: z.array(z.enum(OPERATOR_ROLE_NAMES)), isDisabled: z.boolean() })
  .meta({ id: 'StaffMember' })
export type StaffMember = Readonly<z.infer<typeof StaffMember>>

export const TeamMember = z
  .strictObject({ ...person, role: SellerRoleName })
  .meta({ id: 'TeamMember' })
export type TeamMember = Readonly<z.infer<typeof TeamMember>>

const Invitation = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
    expiresAt: Timestamp,
  })
  .meta({ id: 'Invitation' })
export type Invitation = Readonly<z.infer<typeof Invitation>>

const nothing = z.undefined()
const FRESH = 'identity.reauthentication_required'
const LAST = 'identity.last_owner'
const BEYOND = 'identity.scope_beyond_rights'
const ofOperators = {
  access: ['operator'],
  permission: 'staff.write',
  traffic: 'admin',
} as const
const ofTeam = {
  access: ['operator', 'seller'],
  permission: 'staff.write',
  traffic: 'admin',
} as const
const account = z.object({ accountId: id('acc') })
const seller = z.object({ sellerId: id('sel') })
const member = seller.extend({ accountId: id('acc') })
const invited = { language: Language.optional(), email: Email }

export const listStaff = route({
  ...ofOperators,
  operation: 'listStaff',
  summary: 'Who operates the shop, and who is invited to',
  method: 'GET',
  path: '/api/v1/admin/staff',
  replies: {
    200: z.strictObject({
      items: z.array(StaffMember),
      invitations: z.array(Invitation),
      nextCursor: z.null(),
    }),
  },
})

export const inviteStaff = route({
  ...ofOperators,
  operation: 'inviteStaff',
  summary: 'Invites somebody by mail to operate the shop; once more replaces the invitation',
  method: 'POST',
  path: '/api/v1/admin/staff/invitations',
  body: z.strictObject({ ...invited, roles: OperatorRoles }),
  replies: { 201: Invitation },
  problems: [FRESH, BEYOND],
})

export const revokeInvitation = route({
  ...ofOperators,
  operation: 'revokeInvitation',
  summary: 'Takes an invitation back; doing so again is no error',
  method: 'DELETE',
  path: '/api/v1/admin/staff/invitations/:invitationId',
  params: z.object({ invitationId: id('inv') }),
  replies: { 204: nothing },
})

export const setStaffRoles = route({
  ...ofOperators,
  operation: 'setStaffRoles',
  summary: 'Sets what somebody may do as an operator; the last administrator stays one',
  method: 'PUT',
  path: '/api/v1/admin/staff/:accountId/roles',
  params: account,
  body: z.strictObject({ roles: OperatorRoles }),
  replies: { 200: StaffMember },
  problems: [FRESH, BEYOND, 'not_found', LAST],
})

export const removeStaff = route({
  ...ofOperators,
  operation: 'removeStaff',
  summary: 'Takes all of an operator’s roles and keys; the account stays a shopper’s',
  method: 'DELETE',
  path: '/api/v1/admin/staff/:accountId',
  params: account,
  replies: { 204: nothing },
  problems: [FRESH, BEYOND, LAST],
})

export const disableStaff = route({
  ...ofOperators,
  operation: 'disableStaff',
  summary: 'Locks an operator’s account: sessions end, keys and sign-in do not work',
  method: 'POST',
  path: '/api/v1/admin/staff/:accountId/disable',
  params: account,
  replies: { 200: StaffMember },
  problems: [FRESH, BEYOND, 'not_found', LAST],
})

export const enableStaff = route({
  ...ofOperators,
  operation: 'enableStaff',
  summary: 'Unlocks an operator’s account',
  method: 'POST',
  path: '/api/v1/admin/staff/:accountId/enable',
  params: account,
  replies: { 200: StaffMember },
  problems: [FRESH, BEYOND, 'not_found'],
})

export const listTeam = route({
  ...ofTeam,
  operation: 'listTeam',
  summary: 'Who works for a seller, and who is invited to',
  method: 'GET',
  path: '/api/v1/seller/:sellerId/team',
  params: seller,
  replies: {
    200: z.strictObject({
      items: z.array(TeamMember),
      invitations: z.array(Invitation),
      nextCursor: z.null(),
    }),
  },
  problems: ['not_found'],
})

export const inviteToTeam = route({
  ...ofTeam,
  operation: 'inviteToTeam',
  summary: 'Invites somebody by mail to a seller’s team; once more replaces the invitation',
  method: 'POST',
  path: '/api/v1/seller/:sellerId/team/invitations',
  params: seller,
  body: z.strictObject({ ...invited, role: SellerRoleName }),
  replies: { 201: Invitation },
  problems: [FRESH, BEYOND, 'not_found'],
})

export const revokeTeamInvitation = route({
  ...ofTeam,
  operation: 'revokeTeamInvitation',
  summary: 'Takes an invitation to a team back; doing so again is no error',
  method: 'DELETE',
  path: '/api/v1/seller/:sellerId/team/invitations/:invitationId',
  params: seller.extend({ invitationId: id('inv') }),
  replies: { 204: nothing },
  problems: ['not_found'],
})

export const setTeamRole = route({
  ...ofTeam,
  operation: 'setTeamRole',
  summary: 'Sets what somebody may do for a seller; the last owner stays one',
  method: 'PUT',
  path: '/api/v1/seller/:sellerId/team/:accountId/role',
  params: member,
  body: z.strictObject({ role: SellerRoleName }),
  replies: { 200: TeamMember },
  problems: [FRESH, BEYOND, 'not_found', LAST],
})

export const removeFromTeam = route({
  ...ofTeam,
  operation: 'removeFromTeam',
  summary: 'Takes somebody and his keys out of a seller’s team; the last owner stays',
  method: 'DELETE',
  path: '/api/v1/seller/:sellerId/team/:accountId',
  params: member,
  replies: { 204: nothing },
  problems: [FRESH, BEYOND, 'not_found', LAST],
})

export const acceptInvitation = route({
  operation: 'acceptInvitation',
  summary:
    'Accepts an invitation: as the account of its address, by its password, or by opening one',
  method: 'POST',
  path: '/api/v1/auth/invitations/acceptances',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    token: CeremonyToken,
    password: PasswordText.optional().describe('Of the account that there is, or of the new one'),
    name: PersonName.optional().describe('Of the account that is opened, if there is none'),
  }),
  replies: { 200: z.strictObject({ status: z.literal('accepted'), email: z.string() }) },
  problems: [
    'identity.link_invalid',
    'identity.credentials_wrong',
    'identity.password_too_short',
    'identity.password_too_long',
    'identity.password_common',
  ],
})

export const staffRoutes = [
  listStaff,
  inviteStaff,
  revokeInvitation,
  setStaffRoles,
  removeStaff,
  disableStaff,
  enableStaff,
  listTeam,
  inviteToTeam,
  revokeTeamInvitation,
  setTeamRole,
  removeFromTeam,
  acceptInvitation,
] as const
