import type { OfferSnapshot } from '../../server/modules/catalog/index.ts'

export const variant = (n: number) => `var_01jd${String(n).padStart(22, '0')}`
export const offerId = (n: number) => `off_01jd${String(n).padStart(22, '0')}`

/** A shop of 300 offers, one a variant, at n dollars; the tests change offers and stock by hand. */
export function fakeOffers() {
  const offers = new Map<string, OfferSnapshot>()
  for (let n = 1; n <= 300; n += 1) {
    offers.set(offerId(n), {
      offerId: offerId(n),
      variantId: variant(n),
      productId: `prd_${n}`,
      slug: `thing-${n}`,
      sellerId: 'sel_1',
      sellerName: 'Seller',
      sku: `SKU-${n}`,
      name: `Thing ${n}`,
      options: {},
      listPrice: { amount: n * 100, currency: 'USD' },
      price: { amount: n * 100, currency: 'USD' },
      taxClass: 'standard',
      weightGrams: 100,
      department: 'things',
      onSale: false,
      active: true,
      version: 1,
    })
  }
  const stock = new Map<string, number>()
  const found = (ids: readonly string[], key: 'offerId' | 'variantId') =>
    [...offers.values()].filter((offer) => ids.includes(offer[key]))
  return {
    offers,
    stock,
    catalog: {
      getOffers: async ({ offerIds }: { offerIds: readonly string[] }) =>
        found(offerIds, 'offerId'),
      getVariantOffers: async ({ variantIds }: { variantIds: readonly string[] }) =>
        found(variantIds, 'variantId'),
    },
    pricing: {
      market: async ({ currency = 'USD', country = 'US' }) => ({
        country,
        currency,
        taxIncluded: false,
      }),
      display: async ({
        prices,
        currency,
      }: {
        prices: readonly { amount: number; currency: string }[]
        currency: string
      }) =>
        prices.map(({ amount }) => ({
          amount: currency === 'USD' ? amount : amount * 2,
          currency,
        })),
      coupon: async ({ code }: { code: string }) =>
        code.toUpperCase().startsWith('GOOD') ? { code: code.toUpperCase(), name: 'Good' } : null,
    },
    inventory: {
      available: async ({ offerIds }: { offerIds: readonly string[] }) =>
        offerIds.map((id) => ({ offerId: id, available: stock.get(id) ?? 1000 })),
    },
  }
}
