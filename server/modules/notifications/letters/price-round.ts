import type { WishlistItem } from '#contracts/cart/wishlists.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { JobHandler } from '../../../platform/module.ts'
import type { Reader } from '../../identity/index.ts'
import type { NotificationsDeps } from '../deps.ts'
import { isDrop } from '../model.ts'
import { type Drop, writePriceLetter } from './price-letter.ts'
import { listToldPrices, putToldPrices } from './told-prices.ts'
import type { Unsubscribing } from './unsubscribing.ts'

const BATCH = 200
const MOST_IN_A_LETTER = 20

/**
 * Once a day: who wants mails with offers is told, in one letter, of wishes that cost less than when they were put on
 * the list and than was told before.
 */
export function createPriceRound(
  { db, clock, log, cart, accounts, mailbox, publicUrl }: NotificationsDeps,
  links: Unsubscribing,
): JobHandler {
  async function wishesOf({ accountId, currency, country }: Reader): Promise<WishlistItem[]> {
    const market = { ...(currency ? { currency } : {}), ...(country ? { country } : {}) }
    try {
      return await cart.wishesOf({ customerId: accountId, ...market })
    } catch (error) {
      // A currency or country in which nothing is sold any more.
      if (error instanceof Problem && error.status < 500) return []
      throw error
    }
  }

  async function tell(reader: Reader): Promise<void> {
    const { accountId } = reader
    const [items, told] = await Promise.all([wishesOf(reader), listToldPrices(db, accountId)])
    const drops = items
      .filter((item): item is Drop => isNews(item, told))
      .slice(0, MOST_IN_A_LETTER)
    const [first, ...others] = drops
    if (!first) return
    const unsubscribeUrl = links.urlFor(accountId)
    const mail = writePriceLetter([first, ...others], { reader, publicUrl, unsubscribeUrl })
    const prices = drops.map(({ variantId, unitPrice }) => ({ variantId, ...unitPrice }))
    const at = clock.now().toISOString()
    await db.tx(async (tx) => {
      // Of two rounds at once, the second finds nothing lower.
      const isNew = (await putToldPrices(tx, accountId, { prices, at })) > 0
      if (isNew) await mailbox.queue(tx, mail)
    })
  }

  return {
    name: 'notifications.tell_of_wishes',
    cron: '10 8 * * *',
    async run(_payload, { signal }) {
      for (let after: string | null = null; !signal.aborted; ) {
        const accountIds: string[] = await cart.listWishers({ after, limit: BATCH })
        after = accountIds.at(-1) ?? null
        if (after === null) return
        for (const reader of await accounts.readersOf({ accountIds })) {
          if (signal.aborted) return
          await tell(reader).catch((error: unknown) => {
            log.warn({ error: String(error) }, 'wishes were not looked at')
          })
        }
      }
    },
  }
}

type Told = Awaited<ReturnType<typeof listToldPrices>>

function isNews(
  { variantId, unitPrice, priceDrop, isSold, availability }: WishlistItem,
  told: Told,
): boolean {
  if (!priceDrop || !isSold || !availability.inStock) return false
  const before = told.find(
    (one) => one.variantId === variantId && one.currency === unitPrice.currency,
  )
  return isDrop(before?.amount ?? priceDrop.from.amount, unitPrice.amount)
}
