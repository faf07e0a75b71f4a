import { z } from 'zod'
import { route } from '../kit/route.ts'
import { promotionRoutes } from './promotions.ts'

export const listMarkets = route({
  operation: 'listMarkets',
  summary: 'Countries and currencies that the shop sells in',
  method: 'GET',
  path: '/api/v1/markets',
  access: ['public'],
  traffic: 'browse',
  replies: {
    200: z.strictObject({
      items: z.array(
        z.strictObject({
          country: z.string(),
          currency: z.string(),
          taxIncluded: z.boolean(),
        }),
      ),
      currencies: z.array(z.string()),
      ratesAsOf: z.iso.date(),
      nextCursor: z.null(),
    }),
  },
  cacheSeconds: 300,
})

export const pricingRoutes = [listMarkets, ...promotionRoutes] as const
