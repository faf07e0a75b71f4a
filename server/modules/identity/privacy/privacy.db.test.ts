import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import * as privacy from '#contracts/identity/privacy.ts'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, testIdentity } from '../../../../tests/support/identity.ts'
import type { DataSubject } from '../../../platform/module.ts'

const asked: { what: string; subject: DataSubject }[] = []
const { ask, clock, identity, linkTo, platform } = await testIdentity({
  personalData: {
    orders: {
      async export(subject) {
        asked.push({ what: 'export', subject })
        return { orders: [{ number: '1000-1' }] }
      },
      async erase(subject) {
        asked.push({ what: 'erase', subject })
        return [{ table: 'orders.orders', deleted: 0, anonymised: 1, reason: 'bookings' }]
      },
    },
  },
})
const email = 'person.to.forget@example.com'
const name = 'Zenobia Unmistakable'
await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name } })
const login = { body: { email, password: GOOD_PASSWORD } }
const { token, account } = (await ask(routes.login, login)).body
await ask(routes.proveEmail, { body: { token: await linkTo(email) }, token })
const address = { name, line1: 'Gate 1', city: 'Palmyra', postalCode: '12345', country: 'DE' }
await ask(routes.addAddress, { token, body: { address } })

/** Rows of every table of the module that hold one of these words. */
async function traces(words: readonly string[]): Promise<string[]> {
  const { rows } = await platform.db.query({
    text: "select relname from pg_stat_user_tables where schemaname = 'identity' order by 1",
  })
  const found: string[] = []
  for (const { relname } of rows as { relname: string }[]) {
    const all = await platform.db.query({
      text: `select t::text as row from identity.${relname} t`,
    })
    const texts = (all.rows as { row: string }[]).map(({ row }) => row)
    if (texts.some((text) => words.some((word) => text.includes(word)))) found.push(relname)
  }
  return found
}

test('the archive asks for a fresh sign-in and has a part of every module', async () => {
  clock.advance(11 * 60_000)
  for (const route of [privacy.exportMe, privacy.eraseMe]) {
    const stale = await ask(route, { token })
    assert.equal(stale.body.code, 'identity.reauthentication_required')
  }
  await ask(routes.reauthenticate, { token, body: { password: GOOD_PASSWORD } })
  const archive = await ask(privacy.exportMe, { token })
  assert.equal(archive.status, 200)
  const files = unzipSync(archive.body)
  assert.deepEqual(Object.keys(files).sort(), ['about.json', 'identity.json', 'orders.json'])
  const own = strFromU8(files['identity.json'] as Uint8Array)
  assert.match(own, /person\.to\.forget@example\.com/)
  assert.match(own, /Palmyra/)
  assert.doesNotMatch(own, /argon2|token_hash|totp_sealed/)
  assert.match(strFromU8(files['orders.json'] as Uint8Array), /1000-1/)
})

test('erasing leaves no trace but a number, tells what it did, and frees the address', async () => {
  const before = await traces([email, name])
  assert.deepEqual(before, ['accounts', 'addresses', 'logins'])
  const erased = await ask(privacy.eraseMe, { token })
  assert.equal(erased.status, 200, JSON.stringify(erased.body))
  assert.deepEqual(asked.at(-1), {
    what: 'erase',
    subject: { accountId: account.id, emails: [email], email },
  })
  const byTable = new Map<string, { deleted: number; anonymised: number }>(
    erased.body.tables.map((row: { table: string }) => [row.table, row]),
  )
  assert.equal(byTable.get('identity.addresses')?.deleted, 1)
  assert.equal(byTable.get('identity.logins')?.deleted, 1)
  assert.equal(byTable.get('identity.accounts')?.anonymised, 1)
  assert.equal(byTable.get('orders.orders')?.anonymised, 1)
  assert.deepEqual(await traces([email, name]), [])
  assert.deepEqual(await traces([account.id]), ['accounts', 'late_erasures'])
  assert.equal((await ask(routes.getMe, { token })).status, 401)
  assert.equal((await ask(routes.login, login)).status, 401)
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name } })
  assert.notEqual((await ask(routes.login, login)).body.account.id, account.id)
})

test('what came after an erasure is erased a minute later, by the number alone', async () => {
  const run = identity.tickers.find(({ name }) => name === 'identity.erase_what_came_late')?.run
  assert.ok(run)
  const before = asked.length
  assert.equal(await run(), 0)
  clock.advance(60_000)
  assert.equal(await run(), 1)
  assert.deepEqual(asked.slice(before), [
    { what: 'erase', subject: { accountId: account.id, emails: [] } },
  ])
  assert.deepEqual(await traces([account.id]), ['accounts'])
  assert.equal(await run(), 0)
})
