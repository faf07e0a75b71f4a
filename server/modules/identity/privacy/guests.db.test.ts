import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as privacy from '#contracts/identity/privacy.ts'
import * as routes from '#contracts/identity/routes.ts'
import { GOOD_PASSWORD, testIdentity } from '../../../../tests/support/identity.ts'
import type { DataSubject } from '../../../platform/module.ts'

const asked: { what: string; subject: DataSubject }[] = []
const { ask, claimed, clock, linkTo, mailTo, platform } = await testIdentity({
  personalData: {
    things: {
      async export(subject) {
        asked.push({ what: 'export', subject })
        return { found: subject.emails }
      },
      async erase(subject) {
        asked.push({ what: 'erase', subject })
        return [{ table: 'things.all', deleted: 2, anonymised: 0 }]
      },
    },
  },
})
let networks = 0
function nextNetwork(): string {
  networks += 1
  return `198.51.${networks}.1`
}
const request = (email: string, from = nextNetwork()) =>
  ask(privacy.requestGuestPrivacy, { body: { email }, from })
const copy = (token: string) => ask(privacy.exportGuest, { body: { token } })
const erase = (token: string) => ask(privacy.eraseGuest, { body: { token } })

test('a guest who reads the mail gets a copy, and then an end, once', async () => {
  const answer = await request('Guest@Example.com')
  assert.deepEqual([answer.status, answer.body], [202, { status: 'accepted' }])
  const token = await linkTo('guest@example.com')
  const found = await copy(token)
  assert.equal(found.status, 200, JSON.stringify(found.body))
  assert.equal(found.body.email, 'guest@example.com')
  assert.deepEqual(found.body.parts, { things: { found: ['guest@example.com'] } })
  assert.equal(claimed.length, 0, 'a copy gives nobody anything')
  const both = await Promise.all([erase(token), erase(token)])
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 422])
  const done = both.find(({ status }) => status === 200)
  assert.deepEqual(done?.body.tables[0], { table: 'things.all', deleted: 2, anonymised: 0 })
  const { accountId } = done?.body ?? {}
  assert.deepEqual(claimed, [{ customerId: accountId, email: 'guest@example.com' }])
  const subject = { accountId, emails: ['guest@example.com'] }
  assert.deepEqual(asked.at(-1), { what: 'erase', subject })
  assert.equal((await copy(token)).body.code, 'identity.link_invalid')
  asked.length = 0
  clock.advance(61_000)
  await mailTo('guest@example.com')
  assert.deepEqual(
    asked,
    [{ what: 'erase', subject: { accountId, emails: [] } }],
    'what came late goes a minute later',
  )
})

test('a link lives for an hour, and one made up opens nothing', async () => {
  await request('late@example.com')
  const token = await linkTo('late@example.com')
  clock.advance(60 * 60_000 + 1)
  asked.length = 0
  for (const bad of [token, `one_000${'A'.repeat(43)}`]) {
    assert.equal((await copy(bad)).status, 422)
    assert.equal((await erase(bad)).status, 422)
  }
  assert.deepEqual(asked, [])
})

test('whether an address has an account, orders or nothing is told to its mailbox alone', async () => {
  const email = 'known@example.com'
  await ask(routes.register, { body: { email, password: GOOD_PASSWORD, name: 'Known' } })
  const { token } = (await ask(routes.login, { body: { email, password: GOOD_PASSWORD } })).body
  await ask(routes.proveEmail, { token, body: { token: await linkTo(email) } })
  const count = async () => {
    const { rows } = await platform.db.query({
      text: 'select count(*)::int as n from identity.guest_requests',
    })
    return (rows[0] as { n: number }).n
  }
  const [known, unknown] = [await request(email), await request('nobody@example.com')]
  assert.deepEqual([known.status, known.body], [unknown.status, unknown.body])
  assert.equal(await count(), 2, 'one row is written for either, and nothing is looked up')
  const mail = await mailTo(email)
  assert.match(mail?.text ?? '', /\/account\/privacy/)
  assert.doesNotMatch(mail?.text ?? '', /token=/, 'a mail alone opens no account’s data')
  assert.ok(await linkTo('nobody@example.com'))
})

test('neither one source nor one mailbox is made to send or get many mails', async () => {
  for (let n = 0; n < 6; n += 1) assert.equal((await request('flooded@example.com')).status, 202)
  await mailTo('flooded@example.com')
  const { rows } = await platform.db.query({
    text: `select 1 from identity.one_time_tokens where email = 'flooded@example.com'`,
  })
  assert.equal(rows.length, 3)
  const statuses: number[] = []
  for (let n = 0; n < 31; n += 1)
    statuses.push((await request(`many${n}@example.com`, '203.0.113.5')).status)
  assert.deepEqual([statuses[29], statuses[30]], [202, 429])
})
