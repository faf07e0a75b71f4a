import type { Product, Variant } from '@stoa/client'
import { type Html, html, jsonScript } from '@stoa/html'
import { toDecimal } from '../../../../contracts/kit/money.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { currentPrice } from './price.ts'

/**
 * Schema.org's Product with its offers, and the trail to it.
 * @param picture address of what the product is shared by, where it has no photograph
 */
export function structuredData(
  shop: Shop,
  product: Product,
  { variant, picture }: Readonly<{ variant: Variant | undefined; picture: string }>,
): Html {
  const url = `${shop.publicUrl}${paths.product(product.slug)}`
  const prices = (variant?.offers ?? []).map((offer) => ({
    '@type': 'Offer',
    price: toDecimal(currentPrice(offer)),
    priceCurrency: offer.price.currency,
    availability: `https://schema.org/${availabilityOf(offer)}`,
    itemCondition: `https://schema.org/${CONDITIONS[offer.condition]}`,
    seller: { '@type': 'Organization', name: offer.seller.name },
    url,
  }))
  const photos = product.images.flatMap(({ url }) => URL.parse(url, shop.publicUrl)?.href ?? [])
  const data = {
    '@context': 'https://schema.org',
    '@graph': [
      {
        '@type': 'Product',
        name: product.name,
        url,
        description: product.description,
        sku: variant?.sku,
        gtin: variant?.gtin,
        brand: product.brand ? { '@type': 'Brand', name: product.brand } : undefined,
        image: photos.length > 0 ? photos : [`${shop.publicUrl}${picture}`],
        offers: prices,
        aggregateRating:
          product.reviewCount > 0
            ? {
                '@type': 'AggregateRating',
                ratingValue: product.rating,
                ratingCount: product.reviewCount,
              }
            : undefined,
      },
      {
        '@type': 'BreadcrumbList',
        itemListElement: product.categories.map(({ name, slug }, place) => ({
          '@type': 'ListItem',
          position: place + 1,
          name,
          item: `${shop.publicUrl}${paths.category(slug)}`,
        })),
      },
    ],
  }
  return html`<script type="application/ld+json">${jsonScript(data)}</script>`
}

function availabilityOf({ availability: { inStock, later } }: Variant['offers'][number]): string {
  if (!inStock) return 'OutOfStock'
  if (!later) return 'InStock'
  return later.kind === 'preorder' ? 'PreOrder' : 'BackOrder'
}

const CONDITIONS = {
  new: 'NewCondition',
  refurbished: 'RefurbishedCondition',
  used: 'UsedCondition',
} as const
