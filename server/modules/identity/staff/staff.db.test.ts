import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as keys from '#contracts/identity/keys.ts'
import * as routes from '#contracts/identity/routes.ts'
import * as staff from '#contracts/identity/staff.ts'
import { GOOD_PASSWORD, OPERATOR_KEY, testIdentity } from '../../../../tests/support/identity.ts'

const { ask, claimed, clock, identity, linkTo } = await testIdentity()
const SELLER = 'sel_01jd0000000000000000000000'
const OTHER_SELLER = 'sel_01jd0000000000000000000001'

async function signIn(email: string) {
  const body = { email, password: GOOD_PASSWORD }
  const signedIn = (await ask(routes.login, { body })).body
  return { token: signedIn.token as string, id: signedIn.account?.id as string }
}
const invite = (token: string, email: string, roles: readonly string[]) =>
  ask(staff.inviteStaff, { token, body: { email, roles } })
const accept = (token: string, more: object = {}, as?: string) =>
  ask(staff.acceptInvitation, { body: { token, ...more }, ...(as ? { token: as } : {}) })
const roster = async (token: string) => (await ask(staff.listStaff, { token })).body

await identity.api.createOperator({
  email: 'first@example.com',
  name: 'First',
  password: GOOD_PASSWORD,
  role: 'admin',
})
const first = await signIn('first@example.com')

test('an invitation opens an account with its roles, once', async () => {
  const invited = await invite(first.token, 'New@Example.com', ['support', 'fraud'])
  assert.equal(invited.status, 201, JSON.stringify(invited.body))
  assert.equal((await roster(first.token)).invitations.length, 1)
  const token = await linkTo('new@example.com')
  assert.equal((await accept(token, { password: 'short', name: 'N' })).status, 422)
  const body = { password: GOOD_PASSWORD, name: 'Newton' }
  const both = await Promise.all([accept(token, body), accept(token, body)])
  assert.equal(both.filter(({ status }) => status === 200).length, 1)
  const newton = await signIn('new@example.com')
  const me = (await ask(routes.getMe, { token: newton.token })).body
  assert.deepEqual([me.isEmailProven, me.operatorRoles], [true, ['fraud', 'support']])
  assert.deepEqual(claimed.at(-1), { customerId: newton.id, email: 'new@example.com' })
  assert.equal((await roster(first.token)).invitations.length, 0)
  assert.equal((await ask(staff.listStaff, { token: newton.token })).status, 403)
})

test('an address that has an account accepts by its session or its password alone', async () => {
  const email = 'known@example.com'
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Known' } })
  const known = await signIn(email)
  await ask(routes.proveEmail, { token: known.token, body: { token: await linkTo(email) } })
  await invite(first.token, email, ['catalogue'])
  const token = await linkTo(email)
  const wrong = await accept(token, { password: 'not his password', name: 'X' })
  assert.equal(wrong.body.code, 'identity.credentials_wrong')
  assert.equal((await accept(token)).body.code, 'identity.credentials_wrong')
  assert.equal((await accept(token, {}, first.token)).status, 401, 'somebody else’s session')
  assert.equal((await accept(token, {}, known.token)).status, 200)
  const { operatorRoles } = (await ask(routes.getMe, { token: known.token })).body
  assert.deepEqual(operatorRoles, ['catalogue'], 'at once, in the session that was there')
})

test('who registered an invited address before does not get the roles', async () => {
  const email = 'squatted@example.com'
  const password = 'squatters kettle 42'
  await ask(routes.register, { body: { email, password, name: 'Squatter' } })
  await invite(first.token, email, ['admin'])
  const token = await linkTo(email)
  await accept(token, { password: GOOD_PASSWORD, name: 'Owner' })
  const squatter = (await ask(routes.login, { body: { email, password } })).body
  assert.deepEqual(squatter.account.operatorRoles, [])
  const owner = await signIn(email)
  const { operatorRoles } = (await ask(routes.getMe, { token: owner.token })).body
  assert.deepEqual(operatorRoles, ['admin'])
  await ask(staff.removeStaff, { token: first.token, params: { accountId: owner.id } })
})

test('an invitation that was replaced, taken back or is old opens nothing', async () => {
  const email = 'late@example.com'
  await invite(first.token, email, ['admin'])
  const old = await linkTo(email)
  const again = await invite(first.token, email, ['support'])
  const body = { password: GOOD_PASSWORD, name: 'Late' }
  assert.equal((await accept(old, body)).body.code, 'identity.link_invalid')
  const token = await linkTo(email)
  const params = { invitationId: again.body.id }
  assert.equal((await ask(staff.revokeInvitation, { token: first.token, params })).status, 204)
  assert.equal((await accept(token, body)).body.code, 'identity.link_invalid')
})

test('roles are set, taken, and an account is locked out and let in again', async () => {
  const { id, token } = await signIn('new@example.com')
  const params = { accountId: id }
  const asFirst = { token: first.token, params }
  const set = await ask(staff.setStaffRoles, { ...asFirst, body: { roles: ['catalogue'] } })
  assert.deepEqual(set.body.roles, ['catalogue'])
  const disabled = await ask(staff.disableStaff, asFirst)
  assert.equal(disabled.body.isDisabled, true)
  assert.equal((await ask(routes.getMe, { token })).status, 401, 'its session is over')
  const body = { email: 'new@example.com', password: GOOD_PASSWORD }
  assert.equal((await ask(routes.login, { body })).body.code, 'identity.credentials_wrong')
  assert.equal((await ask(staff.enableStaff, asFirst)).body.isDisabled, false)
  assert.equal((await ask(routes.login, { body })).status, 200)
  assert.equal((await ask(staff.removeStaff, asFirst)).status, 204)
  assert.equal((await ask(staff.removeStaff, asFirst)).status, 204, 'again')
  assert.equal(
    (await ask(staff.setStaffRoles, { ...asFirst, body: { roles: ['admin'] } })).status,
    404,
  )
})

test('the last who may do everything stays: alone, and when two remove each other at once', async () => {
  const own = { token: first.token, params: { accountId: first.id } }
  const body = { roles: ['support'] }
  for (const reply of [
    await ask(staff.removeStaff, own),
    await ask(staff.disableStaff, own),
    await ask(staff.setStaffRoles, { ...own, body }),
  ])
    assert.equal(reply.body.code, 'identity.last_owner')
  await identity.api.createOperator({
    email: 'second@example.com',
    name: 'Second',
    password: GOOD_PASSWORD,
    role: 'admin',
  })
  const second = await signIn('second@example.com')
  const both = await Promise.all([
    ask(staff.removeStaff, { token: first.token, params: { accountId: second.id } }),
    ask(staff.removeStaff, { token: second.token, params: { accountId: first.id } }),
  ])
  assert.equal(both.filter(({ status }) => status === 204).length, 1)
  const { items } = await roster(OPERATOR_KEY)
  const admins = items.filter(({ roles }: { roles: string[] }) => roles.includes('admin'))
  assert.equal(admins.length, 1)
})

test('a program with a key cannot give more than its scopes', async () => {
  const { items } = await roster(OPERATOR_KEY)
  const { email } = items.find(({ roles }: { roles: string[] }) => roles.includes('admin'))
  const admin = await signIn(email)
  const made = await ask(keys.createApiKey, {
    token: admin.token,
    body: { name: 'Directory', scopes: ['staff.write'] },
  })
  const { key } = made.body
  assert.equal((await ask(staff.listStaff, { token: key })).status, 200)
  const beyond = await invite(key, 'puppet@example.com', ['admin'])
  assert.equal(beyond.body.code, 'identity.scope_beyond_rights')
  assert.equal((await invite(OPERATOR_KEY, 'puppet@example.com', ['admin'])).status, 201)
})

test('a seller’s team is led by its owners, each team by its own', async () => {
  const params = { sellerId: SELLER }
  const inviteTo = (token: string, email: string, role: string, sellerId = SELLER) =>
    ask(staff.inviteToTeam, { token, params: { sellerId }, body: { email, role } })
  assert.equal((await inviteTo(OPERATOR_KEY, 'boss@seller.example', 'owner')).status, 201)
  const password = GOOD_PASSWORD
  await accept(await linkTo('boss@seller.example'), { password, name: 'Boss' })
  const boss = await signIn('boss@seller.example')
  assert.equal((await inviteTo(boss.token, 'clerk@seller.example', 'orders')).status, 201)
  await accept(await linkTo('clerk@seller.example'), { password, name: 'Clerk' })
  const clerk = await signIn('clerk@seller.example')
  assert.equal((await ask(staff.listTeam, { token: clerk.token, params })).status, 403)
  const { items } = (await ask(staff.listTeam, { token: boss.token, params })).body
  const shown = items.map(({ name, role }: { name: string; role: string }) => [name, role])
  assert.deepEqual(shown, [
    ['Boss', 'owner'],
    ['Clerk', 'orders'],
  ])
  assert.equal((await inviteTo(boss.token, 'x@example.com', 'owner', OTHER_SELLER)).status, 404)
  const elsewhere = { token: boss.token, params: { sellerId: OTHER_SELLER } }
  assert.equal((await ask(staff.listTeam, elsewhere)).status, 404)
  const role = { role: 'finance' }
  const ofClerk = { token: boss.token, params: { ...params, accountId: clerk.id } }
  assert.equal((await ask(staff.setTeamRole, { ...ofClerk, body: role })).body.role, 'finance')
  const ofBoss = { token: boss.token, params: { ...params, accountId: boss.id } }
  assert.equal((await ask(staff.removeFromTeam, ofBoss)).body.code, 'identity.last_owner')
  assert.equal((await ask(staff.removeFromTeam, ofClerk)).status, 204)
  assert.deepEqual((await ask(routes.getMe, { token: clerk.token })).body.sellers, [])
})

test('changing what others may do asks for a fresh sign-in', async () => {
  const boss = await signIn('boss@seller.example')
  clock.advance(11 * 60_000)
  const params = { sellerId: SELLER, accountId: boss.id }
  const stale = await ask(staff.removeFromTeam, { token: boss.token, params })
  assert.equal(stale.body.code, 'identity.reauthentication_required')
})
