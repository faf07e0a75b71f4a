import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import type { Role, TeamId } from './repository.ts'

export type StoredInvitation = Readonly<{
  id: string
  team: TeamId
  email: string
  roles: Role[]
  invitedBy: string
  endsAt: string
}>

const COLUMNS = `id, seller_id as team, email, roles, invited_by as "invitedBy", ends_at as "endsAt"`

const dropSame = statement(
  'identity.drop_same_invitation',
  `delete from identity.invitations where email = $1 and coalesce(seller_id, '') = $2`,
)
const insertInvitationRow = statement(
  'identity.insert_invitation',
  `insert into identity.invitations (id, token_hash, seller_id, email, roles, invited_by, ends_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
)

/** Keeps an invitation in the place of an earlier one of the same address to the same team. */
export async function keepInvitation(
  tx: Tx,
  invitation: StoredInvitation & Readonly<{ tokenHash: Buffer; at: string }>,
): Promise<void> {
  const { id, team, email, roles, invitedBy, endsAt, tokenHash, at } = invitation
  await dropSame(tx, [email, team ?? ''])
  await insertInvitationRow(tx, [id, tokenHash, team, email, roles, invitedBy, endsAt, at])
}

const selectInvitations = statement<StoredInvitation>(
  'identity.list_invitations',
  `select ${COLUMNS} from identity.invitations
   where coalesce(seller_id, '') = $1 and ends_at > $2 order by created_at limit 1000`,
)

export function listInvitations(
  on: Queryable,
  { team, at }: Readonly<{ team: TeamId; at: string }>,
): Promise<StoredInvitation[]> {
  return selectInvitations(on, [team ?? '', at])
}

const selectInvitation = statement<StoredInvitation>(
  'identity.find_invitation',
  `select ${COLUMNS} from identity.invitations where token_hash = $1 and ends_at > $2`,
)
const takeInvitationRow = statement<StoredInvitation>(
  'identity.take_invitation',
  `delete from identity.invitations where token_hash = $1 and ends_at > $2 returning ${COLUMNS}`,
)

type Asked = Readonly<{ tokenHash: Buffer; at: string }>

export async function findInvitation(
  on: Queryable,
  { tokenHash, at }: Asked,
): Promise<StoredInvitation | undefined> {
  return (await selectInvitation(on, [tokenHash, at]))[0]
}

/** Uses an invitation up: of two at once only one gets it. */
export async function takeInvitation(
  tx: Tx,
  { tokenHash, at }: Asked,
): Promise<StoredInvitation | undefined> {
  return (await takeInvitationRow(tx, [tokenHash, at]))[0]
}

const deleteInvitationRow = statement(
  'identity.delete_invitation',
  `delete from identity.invitations where id = $1 and coalesce(seller_id, '') = $2`,
)

export async function deleteInvitation(
  on: Queryable,
  { id, team }: Readonly<{ id: string; team: TeamId }>,
): Promise<void> {
  await deleteInvitationRow(on, [id, team ?? ''])
}

const sweepInvitationRows = statement(
  'identity.sweep_invitations',
  'delete from identity.invitations where ends_at < $1',
)

export async function sweepInvitations(on: Queryable, at: string): Promise<void> {
  await sweepInvitationRows(on, [at])
}
