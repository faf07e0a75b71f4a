import { type Html, html, safeUrl } from '@stoa/html'
import type { Visit } from '../../lib/visit.ts'
import { drawing, drawingFor } from '../departments/drawings.ts'

export type Pictured = Readonly<{
  name: string
  brand?: string | undefined
  image?: string | undefined
  categorySlug: string
}>

const TINTS = 4

/**
 * A product's picture, square: the photograph where pictures are loaded, over a drawing of its kind
 * with its brand, which is what is seen when there is none or it does not come.
 */
export function picture(
  { shop }: Visit,
  { name, brand, image, categorySlug }: Pictured,
  size: 'tile' | 'large' | 'small' = 'tile',
): Html {
  const src = shop.externalImages && image ? safeUrl(image) : '#'
  const pixels = size === 'large' ? 640 : 320
  const photo =
    src.startsWith('https://') &&
    html`<img src="${src}" alt="" width="${pixels}" height="${pixels}" loading="${size === 'large' ? 'eager' : 'lazy'}" decoding="async" referrerpolicy="no-referrer">`
  return html`<span class="picture picture-${size} tint-${tint(brand ?? name)}">
${drawing(drawingFor(categorySlug))}
<span class="shelf"></span>
${size !== 'small' && brand && html`<span class="maker" aria-hidden="true">${initials(brand)}</span>`}
${photo}</span>`
}

/** "Hewlett Packard Enterprise" is HPE, "Bosch" is Bosch: what fits on a small plate. */
export function initials(brand: string): string {
  if (brand.length <= 10) return brand
  const words = brand.split(/[\s&/-]+/).filter(Boolean)
  if (words.length === 1) return brand.slice(0, 9)
  return words
    .slice(0, 4)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
}

function tint(text: string): number {
  let sum = 0
  for (let place = 0; place < text.length; place += 1) sum += text.charCodeAt(place)
  return sum % TINTS
}
