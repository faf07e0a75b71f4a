import { money } from '#contracts/kit/money.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { ShippingApi } from './api.ts'
import { deliveryDates, USUAL_ORIGIN } from './calendar.ts'
import { type Service, shippingPrice } from './model.ts'
import { listServices } from './repository.ts'

/** Changed rates are seen after this time. */
const REFRESH_MS = 60_000

/** Ways to send goods, by the zone of the destination. */
export function createOptions({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): Pick<ShippingApi, 'options'> {
  const memory = new Map<string, Readonly<{ at: number; services: Promise<Service[]> }>>()

  function servicesTo(country: string): Promise<Service[]> {
    const now = clock.now().getTime()
    const known = memory.get(country)
    if (known && now - known.at < REFRESH_MS) return known.services
    const services = listServices(db, country)
    memory.set(country, { at: now, services })
    services.catch(() => memory.delete(country))
    return services
  }

  return {
    async options({ destination, currency, rate, parcels, origins }) {
      const services = await servicesTo(destination.country)
      if (services.length === 0) throw shippingProblem('shipping.not_deliverable')
      const now = clock.now()
      const { country } = destination
      const places = origins.length > 0 ? origins : [{ ...USUAL_ORIGIN, country }]
      return services
        .map((service) => ({
          id: service.methodId,
          name: service.name,
          price: money(shippingPrice(service, parcels, { currency, rate }), currency),
          estimatedDelivery: deliveryDates(
            now,
            places.map((origin) => ({
              origin,
              transit: origin.country === country ? service.transit : service.transitFromAbroad,
            })),
          ),
        }))
        .sort((a, b) => a.price.amount - b.price.amount)
    },
  }
}
