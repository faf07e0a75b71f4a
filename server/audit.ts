import { offersShownWrong, strayReservations } from './audit-across.ts'
import type { Shop } from './main.ts'
import { auditEvents, whoIsBehind } from './platform/audit.ts'

export type AuditLine = Readonly<{
  invariant: string
  meaning: string
  breaches: readonly string[]
}>

type Sleep = (ms: number) => Promise<void>

const DRAIN_MS = 30_000
const LOOK_AGAIN_MS = 250
const MOST_FINDINGS = 20

/**
 * Checks the invariants I1..I8 on the live database (docs/reliability.md). Projections follow the
 * database, so they are given 30 seconds to be where it was when the check began.
 */
export async function auditShop(shop: Shop, sleep: Sleep): Promise<AuditLine[]> {
  const { inventory } = shop.modules
  const parts = shop.modules.shop
  const lines: AuditLine[] = [
    {
      invariant: 'I1, I4',
      meaning: 'no oversell, no reservation leak',
      breaches: await inventory.audit(),
    },
    {
      invariant: 'I5',
      meaning: 'events once each, in order',
      breaches: await auditEvents(shop.db),
    },
    {
      invariant: 'I5, I8',
      meaning: 'consumers follow within 30 s',
      breaches: await drained(shop, sleep),
    },
  ]
  if (!parts) return lines
  lines.push(
    {
      invariant: 'I2, I8',
      meaning: 'ledger balanced, shop and provider agree, no outcome overdue',
      breaches: await parts.payments.api.audit(),
    },
    {
      invariant: 'I2, I3, I7',
      meaning: 'each paid order confirmed once, totals add up, none is stuck',
      breaches: await parts.orders.api.audit(),
    },
    {
      invariant: 'I3',
      meaning: 'committed stock belongs to an order that stands',
      breaches: await strayStock(shop, sleep),
    },
    {
      invariant: 'I6',
      meaning: 'stock on pages equals the stock there is',
      breaches: await shownStock(shop, sleep),
    },
  )
  return lines
}

async function drained({ db }: Shop, sleep: Sleep): Promise<string[]> {
  const find = () => whoIsBehind(db)
  const late = await converged({ find, again: find, sleep })
  return late.map(
    ({ who, behind }) => `${who} is ${behind} events behind after ${DRAIN_MS / 1000} s`,
  )
}

async function strayStock({ db }: Shop, sleep: Sleep): Promise<string[]> {
  const stray = await converged({
    find: () => strayReservations(db),
    again: (found) => strayReservations(db, found),
    sleep,
  })
  return stray
    .slice(0, MOST_FINDINGS)
    .map(
      ({ key, ending }) => `Stock is committed for ${key}, whose order is ${ending ?? 'not there'}`,
    )
}

async function shownStock({ db, modules }: Shop, sleep: Sleep): Promise<string[]> {
  const wrong = await converged({
    find: () => offersShownWrong(db, modules.inventory),
    again: (found) => offersShownWrong(db, modules.inventory, found),
    sleep,
  })
  return wrong
    .slice(0, MOST_FINDINGS)
    .map((offerId) => `The catalogue shows another stock of ${offerId} than inventory has`)
}

/** What is still found of what was found at first, after the time that followers are given. */
async function converged<T>({
  find,
  again,
  sleep,
}: Readonly<{
  find(): Promise<readonly T[]>
  again(found: readonly T[]): Promise<readonly T[]>
  sleep: Sleep
}>): Promise<readonly T[]> {
  let found = await find()
  for (let waited = 0; found.length > 0 && waited < DRAIN_MS; waited += LOOK_AGAIN_MS) {
    await sleep(LOOK_AGAIN_MS)
    found = await again(found)
  }
  return found
}
