import { attrs, type Html, html, safeUrl } from '@stoa/html'
import { MEDIA_WIDTHS, mediaUrl, readMediaUrl } from '../../../../contracts/media/addresses.ts'
import type { Visit } from '../../lib/shop.ts'
import { drawing, drawingFor } from '../departments/drawings.ts'

export type Pictured = Readonly<{
  name: string
  brand?: string | undefined
  image?: string | undefined
  /** What is to be seen, where the picture stands for itself. */
  alt?: string | undefined
  /** Of the picture itself, if it is known. */
  width?: number | undefined
  height?: number | undefined
  categorySlug: string
}>

const TINTS = 4

type Size = 'tile' | 'large' | 'small'
type Natural = Pick<Pictured, 'alt' | 'width' | 'height'>

/** How wide the picture stands on the page, and the widths that such places want. */
const PLACES = {
  large: {
    sizes: '(min-width: 1100px) 560px, (min-width: 800px) 50vw, 100vw',
    from: 320,
    to: 1920,
  },
  tile: { sizes: '(min-width: 1100px) 240px, (min-width: 600px) 30vw, 46vw', from: 160, to: 640 },
  small: { sizes: '72px', from: 160, to: 160 },
} as const

/** What the browser should know of the loading: the first picture is what the page is opened for. */
const loading = (isFirst: boolean) =>
  attrs(isFirst ? { fetchpriority: 'high' } : { loading: 'lazy', decoding: 'async' })

/** A picture that the shop keeps, in the formats and widths it is to be had in. */
function ownPhoto(
  key: string,
  { alt = '', width = Number.POSITIVE_INFINITY, height }: Natural,
  size: Size,
  isFirst: boolean,
): Html {
  const { sizes, from, to } = PLACES[size]
  // Beyond its own width a picture is the same in every width.
  const widths = MEDIA_WIDTHS.filter(
    (one, place) => one >= from && one <= to && (MEDIA_WIDTHS[place - 1] ?? 0) < width,
  )
  const set = (format: 'avif' | 'webp') =>
    widths.map((one) => `${mediaUrl(key, one, format)} ${one}w`).join(', ')
  const source = (format: 'avif' | 'webp') =>
    html`<source type="image/${format}" srcset="${set(format)}" sizes="${sizes}">`
  const box = height === undefined ? { width: to, height: to } : { width, height }
  return html`<picture>${source('avif')}${source('webp')}<img src="${mediaUrl(key, widths.at(-1) ?? from)}" alt="${alt}"${attrs(box)}${loading(isFirst)}></picture>`
}

/** A picture at the catalogue's own address. */
function foreignPhoto(src: string, size: Size, isFirst: boolean): Html | false {
  if (!src.startsWith('https://')) return false
  const pixels = size === 'large' ? 640 : 320
  return html`<img src="${src}" alt="" width="${pixels}" height="${pixels}"${loading(isFirst)} referrerpolicy="no-referrer">`
}

/**
 * A product's picture, square: the photograph where pictures are loaded, over a drawing of its kind
 * with its brand, which is what is seen when there is none or it does not come.
 */
export function picture(
  { shop }: Visit,
  { name, brand, image, categorySlug, ...of }: Pictured,
  size: Size = 'tile',
  isFirst = size === 'large',
): Html {
  const key = image && readMediaUrl(image)
  const photo = key
    ? ownPhoto(key, of, size, isFirst)
    : shop.externalImages && image && foreignPhoto(safeUrl(image), size, isFirst)
  return html`<span class="picture picture-${size} tint-${tint(brand ?? name)}">
${drawing(drawingFor(categorySlug))}
<span class="shelf"></span>
${size !== 'small' && brand && html`<span class="maker" aria-hidden="true"><bdi>${initials(brand)}</bdi></span>`}
${photo}</span>`
}

/** "Hewlett Packard Enterprise" is HPE, "Bosch" is Bosch: what fits on a small plate. */
function initials(brand: string): string {
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
