import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '../../tests/support/platform.ts'
import { systemChance as chance } from './chance.ts'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import { createMailbox, type Mail, sealedMails } from './mail/mailbox.ts'
import { resealColumn } from './sealed-columns.ts'
import { createVault, type VaultKeys, withNewKey, withoutOldKeys } from './vault.ts'

const platform = await testPlatform()
const { db, ids } = platform
const key = (id: string) => ({ id, key: chance.bytes(32) })
let kept: VaultKeys = [key('old')]

/** A process of the shop: a vault and a mailbox of its own. */
function startProcess() {
  const vault = createVault({ keys: () => kept, chance })
  const mailbox = createMailbox({ db, ids, clock: systemClock, log: silentLog, vault })
  const queue = (subject: string) =>
    db.tx((tx) => mailbox.queue(tx, { to: 'a@example.com', subject, text: `text of ${subject}` }))
  return { vault, mailbox, queue }
}

const keysInUse = async () => {
  const text = `select distinct split_part(sealed, '.', 1) as id from platform.mails order by 1`
  return ((await db.query({ text })).rows as { id: string }[]).map(({ id }) => id)
}

test('a key is replaced beside live traffic: nothing is lost, nothing is left, each value stays bound to its row', async () => {
  const [one, two] = [startProcess(), startProcess()]
  for (let n = 0; n < 1_500; n += 50)
    await Promise.all(Array.from({ length: 50 }, (_, at) => one.queue(`before ${n + at}`)))
  let isBusy = true
  const written = [0, 0]
  const failures: unknown[] = []
  const traffic = [one, two].map(async ({ queue, mailbox }, process) => {
    while (isBusy) {
      await queue(`during ${written}`).catch((error) => failures.push(error))
      written[process] = (written[process] as number) + 1
      await mailbox.list(20).catch((error) => failures.push(error))
    }
  })
  /** Until what was under way in both processes has ended. */
  const passTime = async () => {
    const before = [...written]
    while (written.some((count, process) => count < (before[process] as number) + 2))
      await new Promise((resolve) => setTimeout(resolve, 5))
  }
  kept = withNewKey(kept, key('new'))
  // Only one process has heard of the new key; both write on meanwhile.
  const third = startProcess()
  const first = await resealColumn({ db, vault: third.vault }, sealedMails, { renew: true })
  assert.ok(first.renewed >= 1_500, `${first.renewed} sealed anew`)
  one.vault.refresh()
  two.vault.refresh()
  await passTime()
  const second = await resealColumn({ db, vault: third.vault }, sealedMails, { renew: true })
  const left = await resealColumn({ db, vault: third.vault }, sealedMails, { renew: false })
  assert.deepEqual([second.stale, left.stale], [0, 0])
  kept = withoutOldKeys(kept)
  for (const { vault } of [one, two]) vault.refresh()
  await passTime()
  isBusy = false
  await Promise.all(traffic)
  assert.deepEqual(failures, [])
  assert.deepEqual(await keysInUse(), ['new'])
  const all: Mail[] = await startProcess().mailbox.list(100_000)
  assert.equal(all.length, 1_500 + (written[0] as number) + (written[1] as number))
  for (const { subject, text } of all) assert.equal(text, `text of ${subject}`)
})

test('a value that was copied into another row opens there neither before nor after a rotation', async () => {
  await db.query({ text: 'delete from platform.mails' })
  const { queue, mailbox, vault } = startProcess()
  await queue('hers')
  await queue('his')
  await db.query({
    text: `update platform.mails set sealed = (select sealed from platform.mails order by id limit 1)`,
  })
  await assert.rejects(mailbox.list(10))
  kept = withNewKey(kept, key('newer'))
  vault.refresh()
  const { renewed, stale, unreadable } = await resealColumn({ db, vault }, sealedMails, {
    renew: true,
  })
  assert.deepEqual({ renewed, stale, unreadable }, { renewed: 1, stale: 1, unreadable: 1 })
  await assert.rejects(mailbox.list(10))
})

test('only looking changes nothing', async () => {
  const text = 'select id, sealed from platform.mails order by id'
  const before = (await db.query({ text })).rows
  kept = withNewKey(kept, key('newest'))
  const { vault } = startProcess()
  const seen = await resealColumn({ db, vault }, sealedMails, { renew: false })
  assert.equal(seen.stale, before.length)
  assert.deepEqual((await db.query({ text })).rows, before)
})
