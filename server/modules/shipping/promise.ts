import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { DeliveryPromise } from '#contracts/shipping/schemas.ts'
import type { ShippingApi, ShipsFrom } from './api.ts'

/** Stands for what a shopper has not said yet. */
const UNSAID = { name: '-', line1: '-', city: '-' }

/**
 * When goods in stock would arrive in a country, or at one of its postal codes: what is promised
 * before there is a cart. They leave from where the offer lies; without one, from the nearest place.
 * @throws shipping.not_deliverable, shipping.address_invalid
 */
export function createPromise({
  checkAddress,
  options,
  shipsFrom,
}: Pick<ShippingApi, 'checkAddress' | 'options'> & Readonly<{ shipsFrom: ShipsFrom }>) {
  return async function promise({
    country,
    postalCode,
    offerId,
  }: Readonly<{
    country: string
    postalCode?: string | undefined
    offerId?: string | undefined
  }>): Promise<DeliveryPromise> {
    const destination = { ...UNSAID, country, postalCode: postalCode ?? '' }
    const asked = postalCode === undefined ? ['country'] : ['country', 'postalCode']
    const wrong = await checkAddress({ address: destination, path: 'query' })
    const errors = wrong.filter(({ path }) => asked.includes(path.replace('query.', '')))
    if (errors.length > 0) throw shippingProblem('shipping.address_invalid', { errors })
    const lines = offerId === undefined ? [] : [{ offerId, quantity: 1 }]
    const origins = await shipsFrom({ lines, destination })
    const ways = await options({ destination, currency: 'USD', rate: '1', parcels: [], origins })
    return {
      country,
      postalCode: postalCode ?? null,
      options: ways.map(({ id, name, estimatedDelivery }) => ({ id, name, estimatedDelivery })),
    }
  }
}
