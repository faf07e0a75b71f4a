import type { Product, Variant } from '@stoa/client'
import { type Html, html, jsonScript } from '@stoa/html'
import { toDecimal } from '../../../../contracts/kit/money.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { currentPrice } from './price.ts'

/** Schema.org's Product with its offers, and the trail to it. */
export function structuredData(shop: Shop, product: Product, variant: Variant | undefined): Html {
  const url = `${shop.publicUrl}${paths.product(product.slug)}`
  const prices = (variant?.offers ?? []).map((offer) => ({
    '@type': 'Offer',
    price: toDecimal(currentPrice(offer)),
    priceCurrency: offer.price.currency,
    availability: `https://schema.org/${offer.availability.inStock ? 'InStock' : 'OutOfStock'}`,
    itemCondition: `https://schema.org/${CONDITIONS[offer.condition]}`,
    seller: { '@type': 'Organization', name: offer.seller.name },
    url,
  }))
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
        image: product.images.flatMap(({ url }) => URL.parse(url, shop.publicUrl)?.href ?? []),
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

const CONDITIONS = {
  new: 'NewCondition',
  refurbished: 'RefurbishedCondition',
  used: 'UsedCondition',
} as const
