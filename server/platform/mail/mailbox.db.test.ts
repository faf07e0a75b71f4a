import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { systemChance } from '../chance.ts'
import { silentLog } from '../log.ts'
import { createVault } from '../vault.ts'
import { createMailbox, type Mail } from './mailbox.ts'
import { unsubscribing } from './smtp.ts'

const clock = testClock()
const { db, ids } = await testPlatform({ clock })
const vault = createVault({
  keys: [{ id: 'k1', key: systemChance.bytes(32) }],
  chance: systemChance,
})
const base = { db, ids, clock, log: silentLog, vault }
const MAIL: Mail = { to: 'ada@example.com', subject: 'Hello', text: 'https://shop.test/reset?t=1' }

test('a mail is sent once after its transaction has committed, and its words are gone then', async () => {
  const sent: Mail[] = []
  const mailbox = createMailbox({ ...base, send: async (mail) => void sent.push(mail) })
  await assert.rejects(
    db.tx(async (tx) => {
      await mailbox.queue(tx, MAIL)
      throw new Error('undone')
    }),
  )
  await db.tx((tx) => mailbox.queue(tx, MAIL))
  const { rows } = await db.query({ text: 'select sealed from platform.mails' })
  assert.equal(rows.length, 1)
  assert.ok(!(rows[0] as { sealed: string }).sealed.includes('reset'))
  const [ticker] = mailbox.tickers
  assert.equal(await ticker?.run(), 1)
  assert.equal(await ticker?.run(), 0)
  assert.equal(sent.length, 1)
  assert.equal(sent[0]?.text, MAIL.text)
  const after = await db.query({ text: 'select state, sealed from platform.mails' })
  assert.deepEqual(after.rows, [{ state: 'sent', sealed: null }])
})

test('a mail that is refused is tried again later, and given up in the end', async () => {
  let tries = 0
  const mailbox = createMailbox({
    ...base,
    async send() {
      tries += 1
      throw new Error('greylisted')
    },
  })
  await db.tx((tx) => mailbox.queue(tx, MAIL))
  for (let round = 0; round < 30; round += 1) {
    await mailbox.tickers[0]?.run()
    clock.advance(3_600_000 * 2)
  }
  assert.equal(tries, 10)
  const { rows } = await db.query({
    text: "select error, sealed from platform.mails where state = 'failed'",
  })
  assert.deepEqual(rows, [{ error: 'greylisted', sealed: null }])
})

test('an installation without a mail server keeps mails for its developer', async () => {
  const mailbox = createMailbox(base)
  await db.tx((tx) => mailbox.queue(tx, MAIL))
  assert.equal(mailbox.tickers.length, 0)
  assert.equal((await mailbox.list(10))[0]?.subject, 'Hello')
})

test('what waits for a person is given to them, and erased with them', async () => {
  const mailbox = createMailbox(base)
  const to = 'Eve@example.com'
  await db.tx(async (tx) => {
    await mailbox.queue(tx, { ...MAIL, to })
    await mailbox.queue(tx, MAIL)
  })
  const eve = { accountId: 'acc_1', emails: ['eve@example.com'] }
  const given = (await mailbox.personalData.export(eve)) as { mails: Mail[] }
  assert.deepEqual(
    given.mails.map((mail) => mail.to),
    [to],
  )
  await mailbox.personalData.erase({ accountId: 'acc_2', emails: [] })
  assert.equal((await mailbox.personalData.erase(eve))[0]?.deleted, 1)
  assert.ok((await mailbox.list(10)).every((mail) => mail.to !== to))
})

test('the log does not say to whom a mail was not sent', async () => {
  const warnings: unknown[] = []
  const mailbox = createMailbox({
    ...base,
    log: { ...silentLog, warn: (...said: unknown[]) => void warnings.push(said) },
    async send() {
      throw new Error('550 5.1.1 <bob@example.com>: no such user')
    },
  })
  await db.tx((tx) => mailbox.queue(tx, { ...MAIL, to: 'bob@example.com' }))
  await mailbox.tickers[0]?.run()
  const { rows } = await db.query({ text: 'select error from platform.mails' })
  assert.match(JSON.stringify(warnings), /550 5\.1\.1/)
  assert.doesNotMatch(JSON.stringify([warnings, rows]), /bob/)
})

test('a mail with offers carries the way out that a reader offers as its own button', () => {
  assert.deepEqual(unsubscribing('https://shop.test/unsubscribe?token=t'), {
    'List-Unsubscribe': '<https://shop.test/unsubscribe?token=t>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  })
})
