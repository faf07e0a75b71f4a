import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { statement, type Tx } from '../db/statement.ts'
import type { Ids } from '../ids.ts'
import type { Log } from '../log.ts'
import type { JobHandler, PersonalData, Ticker } from '../module.ts'
import { sealedColumn } from '../sealed-columns.ts'
import type { Vault } from '../vault.ts'

const Mail = z.strictObject({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  unsubscribeUrl: z.url().optional(),
})
/**
 * A letter in plain text, which every reader shows, and the same words in HTML. A POST to
 * `unsubscribeUrl` ends letters of its kind (RFC 8058).
 */
export type Mail = Readonly<z.infer<typeof Mail>>

/** Hands a mail to whoever delivers it. @throws if it was not taken. */
export type SendMail = (mail: Mail & Readonly<{ id: string }>) => Promise<void>

export type Mailbox = Readonly<{
  /** Takes a mail in the transaction of what it tells of; it is sent after that has committed. */
  queue(tx: Tx, mail: Mail): Promise<void>
  /** The newest mails of an installation that sends none; for developers. */
  list(limit: number): Promise<(Mail & Readonly<{ id: string; createdAt: string }>)[]>
  readonly tickers: readonly Ticker[]
  /** Mails that are still kept for a person's proven addresses. */
  readonly personalData: PersonalData
  readonly jobs: readonly JobHandler[]
}>

const BATCH = 20
const LEASE_MS = 60_000
const MOST_TRIES = 10
const FIRST_WAIT_MS = 5_000
const KEPT_DAYS = 7

const insertMail = statement(
  'platform.insert_mail',
  `insert into platform.mails (id, sealed, state, recipient, due_at, created_at)
   values ($1, $2, $3, $4, $5, $5)`,
)

type Row = Readonly<{ id: string; sealed: string; tries: number; created_at: string }>

const claimMails = statement<Row>(
  'platform.claim_mails',
  `update platform.mails m set due_at = $2, tries = m.tries + 1
   from (select id from platform.mails where state = 'waiting' and due_at <= $1
         order by due_at limit ${BATCH} for update skip locked) as due
   where m.id = due.id
   returning m.id, m.sealed, m.tries, m.created_at`,
)
const markSent = statement(
  'platform.mark_mail_sent',
  `update platform.mails set state = 'sent', sealed = null where id = $1`,
)
const markRefused = statement(
  'platform.mark_mail_refused',
  `update platform.mails set due_at = $2, error = $3,
     state = case when $4 then 'failed' else state end, sealed = case when $4 then null else sealed end
   where id = $1`,
)
const listKept = statement<Row>(
  'platform.list_kept_mails',
  `select id, sealed, tries, created_at from platform.mails
   where state in ('kept', 'waiting') and created_at > $1 order by created_at desc, id desc limit $2`,
)
const selectOfRecipients = statement<Row>(
  'platform.list_mails_to',
  `select id, sealed, tries, created_at from platform.mails
   where recipient = any($1::text[]) and sealed is not null order by id`,
)
const eraseOfRecipients = statement<{ id: string }>(
  'platform.erase_mails_to',
  'delete from platform.mails where recipient = any($1::text[]) and sealed is not null returning id',
)
const sweepMails = statement(
  'platform.sweep_mails',
  'delete from platform.mails where created_at < $1',
)

/** What mails say, until they were sent. */
export const sealedMails = sealedColumn({
  table: 'platform.mails',
  column: 'sealed',
  isSharded: false,
  id: 'id',
  placeOf: (id) => id,
})

/** @param send absent: nothing is sent, and mails are kept for `list`. */
export function createMailbox({
  db,
  ids,
  clock,
  log,
  vault,
  send,
}: Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  log: Log
  vault: Vault
  send?: SendMail | undefined
}>): Mailbox {
  const now = () => clock.now().toISOString()
  const later = (ms: number) => new Date(clock.now().getTime() + ms).toISOString()
  const key = vault.derive('platform.mail_recipients')
  const recipientOf = (address: string) =>
    createHmac('sha256', key).update(address.trim().toLowerCase()).digest('base64url')
  const open = ({ id, sealed }: Row): Mail => Mail.parse(JSON.parse(vault.open(sealed, id)))

  async function deliver(row: Row, deliverBy: SendMail): Promise<void> {
    try {
      await deliverBy({ ...open(row), id: row.id })
      await markSent(db, [row.id])
    } catch (error) {
      const isLast = row.tries >= MOST_TRIES
      const message = withoutAddresses(error instanceof Error ? error.message : String(error))
      log.warn({ mail: row.id, tries: row.tries, error: message }, 'a mail was not sent')
      const wait = FIRST_WAIT_MS * 2 ** row.tries
      await markRefused(db, [row.id, later(wait), message.slice(0, 500), isLast])
    }
  }

  return {
    async queue(tx, mail) {
      const id = ids.make('mai')
      const sealed = vault.seal(JSON.stringify(Mail.parse(mail)), id)
      await insertMail(tx, [id, sealed, send ? 'waiting' : 'kept', recipientOf(mail.to), now()])
    },
    async list(limit) {
      const rows = await listKept(db, [later(-KEPT_DAYS * 86_400_000), limit])
      return rows.map((row) => ({ ...open(row), id: row.id, createdAt: row.created_at }))
    },
    personalData: {
      async export({ emails }) {
        const rows = await selectOfRecipients(db, [emails.map(recipientOf)])
        return { mails: rows.map((row) => ({ ...open(row), createdAt: row.created_at })) }
      },
      async erase({ emails }) {
        const gone = await eraseOfRecipients(db, [emails.map(recipientOf)])
        return [{ table: 'platform.mails', deleted: gone.length, anonymised: 0 }]
      },
    },
    tickers: send
      ? [
          {
            name: 'platform.send_mails',
            everyMs: 1_000,
            async run() {
              const due = await claimMails(db, [now(), later(LEASE_MS)])
              await Promise.all(due.map((row) => deliver(row, send)))
              return due.length
            },
          },
        ]
      : [],
    jobs: [
      {
        name: 'platform.sweep_mails',
        cron: '40 * * * *',
        async run() {
          await sweepMails(db, [later(-KEPT_DAYS * 86_400_000)])
        },
      },
    ],
  }
}

/** Mail servers say to whom they do not deliver; logs are not to. */
function withoutAddresses(message: string): string {
  return message.replace(/[^\s<>"']+@[^\s<>"']+/g, '…')
}
