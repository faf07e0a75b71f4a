import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { systemChance } from '../chance.ts'
import { silentLog } from '../log.ts'
import { createVault } from '../vault.ts'
import { createMailbox, type Mail } from './mailbox.ts'

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
