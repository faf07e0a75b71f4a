import { Problem } from '#contracts/kit/problem.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import type { Ticker } from '../../../platform/module.ts'
import type { NotificationsDeps } from '../deps.ts'
import { LetterFacts } from './facts.ts'
import { writeOrderLetter } from './order-letter.ts'
import { type ClaimedLetter, claimLetters, postponeLetter, settleLetter } from './repository.ts'

const LEASE_MS = 60_000
const MOST_TRIES = 12
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 3_600_000

/**
 * Writes what is to be told of orders and hands it to the mailbox, in one transaction with the mark that it is
 * written: each once, whatever is delivered twice or breaks off.
 */
export function createPost({
  db,
  clock,
  log,
  orders,
  mailbox,
  publicUrl,
}: NotificationsDeps): Ticker {
  const later = (ms: number) => new Date(clock.now().getTime() + ms).toISOString()

  /** @returns undefined if there is no such order any more. */
  async function look(orderId: string): Promise<Order | undefined> {
    try {
      return await orders.get({ orderId })
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return undefined
      throw error
    }
  }

  async function write(letter: ClaimedLetter, isStale: boolean): Promise<void> {
    const order = isStale ? undefined : await look(letter.orderId)
    const facts = LetterFacts.parse(letter.facts)
    const mail = order && writeOrderLetter(facts, { order, publicUrl })
    await db.tx(async (tx) => {
      if ((await settleLetter(tx, letter)) && mail) await mailbox.queue(tx, mail)
    })
  }

  async function writeOrWait(letter: ClaimedLetter, isStale: boolean): Promise<void> {
    const { orderId, topic, tries } = letter
    try {
      await write(letter, isStale)
    } catch (error) {
      const isLast = tries >= MOST_TRIES
      const level = isLast ? 'error' : 'warn'
      log[level]({ orderId, topic, tries, error: String(error) }, 'a letter was not written')
      if (isLast) return db.tx(async (tx) => void (await settleLetter(tx, letter)))
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
      await postponeLetter(db, letter, later(wait))
    }
  }

  return {
    name: 'notifications.write_letters',
    everyMs: 1_000,
    async run() {
      const due = await claimLetters(db, clock.now().toISOString(), later(LEASE_MS))
      // One after the other: letters can wait, shoppers cannot.
      for (const letter of due) await writeOrWait(letter, isOvertaken(letter, due))
      return due.length
    },
  }
}

/** Whether the same return has come further already. */
function isOvertaken({ facts }: ClaimedLetter, due: readonly ClaimedLetter[]): boolean {
  if (facts.kind !== 'return') return false
  return due.some(
    ({ facts: other }) =>
      other.kind === 'return' && other.returnId === facts.returnId && other.version > facts.version,
  )
}
