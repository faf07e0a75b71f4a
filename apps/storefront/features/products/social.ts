import type { Product } from '@stoa/client'
import { readMediaUrl } from '../../../../contracts/media/addresses.ts'
import { contentTag } from '../../lib/assets.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import type { SocialPicture } from '../../lib/social-picture.ts'
import { drawingFor } from '../departments/drawings.ts'
import { currentPrice, percentOff } from './price.ts'

/** What is drawn, but for the photograph, whose address in the shop it names. */
export type Sketch = Omit<SocialPicture, 'photo'> & Readonly<{ photoUrl: string | undefined }>

/** A product as it is shown where its page is shared. */
export function sketchOfProduct({ t, format }: Visit, product: Product): Sketch {
  const [variant] = product.variants
  const photo = product.images[0]?.url
  return {
    name: product.name,
    above: product.brand ?? '',
    price: variant ? format.money(currentPrice(variant)) : '',
    isCut: variant !== undefined && percentOff(variant) > 0,
    isRightToLeft: t.dir === 'rtl',
    drawing: drawingFor(product.categories.at(-1)?.slug ?? ''),
    photoUrl: photo && readMediaUrl(photo) ? photo : undefined,
    shop: t.shopName,
  }
}

export function sketchOfCategory(
  { t, format }: Visit,
  category: Readonly<{ slug: string; name: string; productCount: number }>,
): Sketch {
  return {
    name: category.name,
    above: t.productsCount(category.productCount, format.number(category.productCount)),
    price: '',
    isCut: false,
    isRightToLeft: t.dir === 'rtl',
    drawing: drawingFor(category.slug),
    photoUrl: undefined,
    shop: t.shopName,
  }
}

/** The picture's address: another look is another address, so that it may be kept for ever. */
export function socialAddress(
  { choice, market }: Visit,
  page: Readonly<{ kind: 'p' | 'c'; slug: string; sketch: Sketch }>,
): string {
  const { kind, slug, sketch } = page
  const look = `${choice.language}-${market.country}-${market.currency}`
  return paths.socialPicture({ kind, slug, look, tag: contentTag(JSON.stringify(sketch)) })
}
