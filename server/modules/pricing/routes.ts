import * as admin from '#contracts/pricing/promotions.ts'
import * as contract from '#contracts/pricing/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { changeBy, versioned } from '../../platform/http/etag.ts'
import type { PromotionAdministration } from './administration.ts'
import type { PricingApi } from './api.ts'

export function pricingBindings(
  api: PricingApi,
  promotions: PromotionAdministration,
): readonly Binding[] {
  return [
    bind(contract.listMarkets, async () => {
      const markets = await api.markets()
      return { status: 200 as const, body: { ...markets, nextCursor: null } }
    }),
    bind(admin.listPromotions, async ({ query }) => ({
      status: 200,
      body: await promotions.list(query),
    })),
    bind(admin.createPromotion, async ({ body: promotion }, context) =>
      versioned(201, await promotions.create({ ...changeBy(context), promotion })),
    ),
    bind(admin.getPromotion, async ({ params }) => versioned(200, await promotions.get(params))),
    bind(admin.replacePromotion, async ({ params, body: promotion }, context) =>
      versioned(200, await promotions.replace({ ...changeBy(context), ...params, promotion })),
    ),
    bind(admin.switchPromotion, async ({ params, body }, context) =>
      versioned(200, await promotions.switch({ ...changeBy(context), ...params, ...body })),
    ),
    bind(admin.listPromotionCodes, async ({ params, query }) => ({
      status: 200,
      body: await promotions.coupons({ ...params, ...query }),
    })),
    bind(admin.createPromotionCodes, async ({ params, body: wanted }, context) => {
      const { idempotencyKey: key = '' } = context
      const command = { ...changeBy(context), ...params, key, wanted }
      return { status: 201, body: { codes: await promotions.addCoupons(command) } }
    }),
    bind(admin.removePromotionCode, async ({ params }, context) => {
      await promotions.removeCoupon({ ...changeBy(context), ...params })
      return { status: 204, body: undefined }
    }),
    bind(admin.getPromotionUsage, async ({ params, query }) => ({
      status: 200,
      body: await promotions.usage({ ...params, ...query }),
    })),
  ]
}
