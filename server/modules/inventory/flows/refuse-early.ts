import type { Database } from '../../../platform/db/database.ts'
import { type ReserveRequest, type Shortage, sumByOffer, totalsByOffer } from '../model.ts'
import { readLevels } from '../repository.ts'
import { findReservations } from '../reservations-repository.ts'
import type { ScarceOffers } from '../scarce-offers.ts'

/**
 * Refuses what cannot be had by what there is at this moment, without any lock: thousands who come
 * for a thing that is sold out would else hold its row one after the other, and whoever is to get
 * the last units would wait behind them. Only offers that were short lately are looked at; what is
 * not refused here is decided under the rows' locks as ever.
 * @returns the refused by key; not those that hold something already, whose answer is what they hold.
 */
export async function refuseEarly(
  { db, scarce }: Readonly<{ db: Database; scarce: ScarceOffers }>,
  requests: readonly ReserveRequest[],
): Promise<ReadonlyMap<string, readonly Shortage[]>> {
  const asked = requests.map(({ key, lines }) => ({
    key,
    demand: sumByOffer(lines).filter(({ offerId }) => scarce.has(offerId)),
  }))
  const offerIds = [...new Set(asked.flatMap(({ demand }) => demand.map((one) => one.offerId)))]
  if (offerIds.length === 0) return new Map()
  const totals = totalsByOffer(await readLevels(db, offerIds))
  const free = new Map(totals.map(({ offerId, available }) => [offerId, available]))
  const short = new Map<string, readonly Shortage[]>()
  for (const { key, demand } of asked) {
    const shortages = demand
      .map(({ offerId, quantity: requested }) => ({
        offerId,
        requested,
        available: free.get(offerId) ?? 0,
      }))
      .filter(({ requested, available }) => requested > available)
    if (shortages.length > 0) short.set(key, shortages)
  }
  if (short.size === 0) return short
  // After the levels: what these were counted with is found by then.
  for (const key of (await findReservations(db, [...short.keys()])).keys()) short.delete(key)
  return short
}
