import type { Client, DeliveryPromise } from '@stoa/client'

/** Days at a place; or that its postal code is none, or that nothing goes there; or that nothing is known now. */
export type Promised =
  | Readonly<{ kind: 'days'; promise: DeliveryPromise }>
  | Readonly<{ kind: 'wrong' | 'nowhere' | 'unknown' }>

export type Promises = Readonly<{
  /** @param place with an offer: when that one would come; else anything that lies nearest. */
  at(
    place: Readonly<{
      country: string
      postalCode?: string | undefined
      offerId?: string | undefined
    }>,
  ): Promise<Promised>
}>

const LIFETIME_MS = 5 * 60_000
const MOST = 20_000

/** What the API promises, kept for a while: whole towns have one postal code. */
export function createPromises(api: Client, now: () => Date): Promises {
  const known = new Map<string, Readonly<{ promised: Promise<Promised>; until: number }>>()

  async function ask(query: Parameters<Promises['at']>[0]): Promise<Promised> {
    const found = await api.promiseDelivery({ query })
    if (found.ok) return { kind: 'days', promise: found.data }
    const { code } = found.problem
    if (code === 'shipping.not_deliverable') return { kind: 'nowhere' }
    const isWrong = code === 'shipping.address_invalid' || code === 'validation_failed'
    return { kind: isWrong ? 'wrong' : 'unknown' }
  }

  return {
    at(place) {
      const key = `${place.country} ${place.postalCode ?? ''} ${place.offerId ?? ''}`
      const kept = known.get(key)
      const nowMs = now().getTime()
      if (kept && kept.until > nowMs) return kept.promised
      const promised = ask(place)
      known.set(key, { promised, until: nowMs + LIFETIME_MS })
      if (known.size > MOST) known.delete(known.keys().next().value as string)
      const forget = () => known.delete(key)
      promised.then(({ kind }) => kind === 'unknown' && forget(), forget)
      return promised
    },
  }
}
