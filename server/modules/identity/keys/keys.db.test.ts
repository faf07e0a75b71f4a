import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as keys from '#contracts/identity/keys.ts'
import * as routes from '#contracts/identity/routes.ts'
import * as staff from '#contracts/identity/staff.ts'
import { GOOD_PASSWORD, OPERATOR_KEY, testIdentity } from '../../../../tests/support/identity.ts'

const { ask, clock, identity, mailTo, platform } = await testIdentity()
const SELLER = 'sel_01jd0000000000000000000000'
const OTHER_SELLER = 'sel_01jd0000000000000000000001'

async function signIn(email: string): Promise<string> {
  const body = { email, password: GOOD_PASSWORD }
  return (await ask(routes.login, { body })).body.token
}
async function operator(email: string, role: 'admin' | 'catalogue'): Promise<string> {
  const password = GOOD_PASSWORD
  await identity.api.createOperator({ email, name: 'Olga Operator', password, role })
  return signIn(email)
}
async function member(email: string, sellerId: string, role: string): Promise<string> {
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Sella' } })
  const { id } = (await ask(routes.getMe, { token: await signIn(email) })).body
  await platform.db.query({
    text: `insert into identity.seller_members values ($1, $2, $3, 'test', now())`,
    values: [sellerId, id, role],
  })
  return signIn(email)
}
const create = (token: string, more: object = {}) =>
  ask(keys.createApiKey, { token, body: { name: 'Program', scopes: ['keys.write'], ...more } })

const admin = await operator('admin@example.com', 'admin')

test('a key is shown once, kept as a hash, and does what its scopes name and no more', async () => {
  const made = await create(admin)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { key, ...rest } = made.body
  assert.match(key, /^stoa_[0-9a-f]{3}[\w-]{43}$/)
  assert.ok(key.startsWith(rest.start))
  const { rows } = await platform.db.query({ text: 'select * from identity.api_keys' })
  assert.ok(!JSON.stringify(rows).includes(key.slice(12)))
  const listed = await ask(keys.listApiKeys, { token: key })
  assert.equal(listed.status, 200)
  assert.ok(!listed.body.items.some((one: object) => 'key' in one))
  assert.equal(listed.body.items[0].ownerName, 'Olga Operator')
  assert.equal((await ask(staff.listStaff, { token: key })).status, 403, 'not in its scopes')
  assert.equal((await ask(routes.getMe, { token: key })).status, 403, 'a program is no shopper')
  assert.equal((await create(key)).status, 403, 'a key makes no keys')
  assert.equal((await create(OPERATOR_KEY)).status, 403)
})

test('nobody makes a key that may do more than he', async () => {
  const seller = await member('owner@seller.example', SELLER, 'owner')
  const params = { sellerId: SELLER }
  const body = { name: 'Stock', scopes: ['inventory.write'] }
  assert.equal((await ask(keys.createSellerApiKey, { token: seller, params, body })).status, 201)
  const catalogue = await operator('catalogue@example.com', 'catalogue')
  assert.equal((await create(catalogue)).status, 403, 'who may make no keys makes none')
  assert.equal((await create(admin, { scopes: ['no such word'] })).status, 400)
  const wide = await create(admin, { scopes: ['everything'] })
  assert.equal((await ask(staff.listStaff, { token: wide.body.key })).status, 200)
})

test('keys of one seller are nothing to another', async () => {
  const [mine, other] = [
    await member('mine@seller.example', SELLER, 'owner'),
    await member('other@seller.example', OTHER_SELLER, 'owner'),
  ]
  const params = { sellerId: SELLER }
  const body = { name: 'Mine', scopes: ['keys.write'] }
  const made = (await ask(keys.createSellerApiKey, { token: mine, params, body })).body
  for (const token of [other, made.key]) {
    const asked = { token, params: { sellerId: token === other ? SELLER : OTHER_SELLER } }
    assert.equal((await ask(keys.listSellerApiKeys, asked)).status, 404)
    assert.equal((await ask(keys.createSellerApiKey, { ...asked, body })).status, 404)
  }
  const revoked = { params: { sellerId: OTHER_SELLER, keyId: made.id }, token: other }
  await ask(keys.revokeSellerApiKey, revoked)
  const listed = await ask(keys.listSellerApiKeys, { token: made.key, params })
  assert.equal(listed.status, 200, 'it was not revoked by another seller')
  assert.equal((await ask(keys.listApiKeys, { token: made.key })).status, 403)
})

test('a key ends when it is revoked, when its time is over, and when its owner may no more', async () => {
  const made = (await create(admin)).body
  const listed = () => ask(keys.listApiKeys, { token: made.key })
  assert.equal((await listed()).status, 200)
  const params = { keyId: made.id }
  assert.equal((await ask(keys.revokeApiKey, { token: admin, params })).status, 204)
  assert.equal((await listed()).status, 401)
  assert.equal((await ask(keys.revokeApiKey, { token: admin, params })).status, 204, 'again')

  const leaver = await operator('leaver@example.com', 'admin')
  const his = (await create(leaver)).body.key
  assert.equal((await ask(keys.listApiKeys, { token: his })).status, 200)
  const { id } = (await ask(routes.getMe, { token: leaver })).body
  const body = { roles: ['catalogue'] }
  const demoted = await ask(staff.setStaffRoles, { token: admin, params: { accountId: id }, body })
  assert.equal(demoted.status, 200, JSON.stringify(demoted.body))
  assert.equal((await ask(keys.listApiKeys, { token: his })).status, 401)

  const brief = (await create(admin, { expiresInDays: 1 })).body.key
  assert.equal((await ask(keys.listApiKeys, { token: brief })).status, 200)
  clock.advance(86_400_000)
  assert.equal((await ask(keys.listApiKeys, { token: brief })).status, 401)
})

test('when a key was last used is written behind', async () => {
  const token = await signIn('admin@example.com')
  const made = (await create(token)).body
  await ask(keys.listApiKeys, { token: made.key })
  await mailTo('nobody@example.com')
  const { items } = (await ask(keys.listApiKeys, { token })).body
  const shown = items.find(({ id }: { id: string }) => id === made.id)
  assert.equal(shown.lastUsedAt, clock.now().toISOString())
})

test('making a key asks for a fresh sign-in', async () => {
  const token = await signIn('admin@example.com')
  clock.advance(11 * 60_000)
  assert.equal((await create(token)).body.code, 'identity.reauthentication_required')
})
