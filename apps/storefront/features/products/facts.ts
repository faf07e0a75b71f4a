import type { Attribute, Image, Product, Variant } from '@stoa/client'
import { attrs, type Html, html, safeUrl } from '@stoa/html'
import { mediaUrl, readMediaUrl } from '../../../../contracts/media/addresses.ts'
import type { Visit } from '../../lib/shop.ts'
import { picture } from './picture.ts'
import { PRODUCT_SOURCES } from './sources.ts'

const SHOWN_ATTRIBUTES = 12
const MAX_PICTURES = 8
const THUMBNAIL_WIDTH = 160
const WHOLE_WIDTH = 1920

function shownImages({ shop }: Visit, product: Product, variant: Variant | undefined): Image[] {
  return [...(variant?.images ?? []), ...product.images]
    .filter(({ url }) => shop.externalImages || readMediaUrl(url) !== undefined)
    .slice(0, MAX_PICTURES)
}

/** Whether there is a picture to enlarge. */
export function hasPictures(visit: Visit, product: Product, variant: Variant | undefined): boolean {
  return shownImages(visit, product, variant).length > 0
}

/** Pictures side by side, to be swiped or scrolled; the drawing where there is none. */
export function gallery(visit: Visit, product: Product, variant: Variant | undefined): Html {
  const { t } = visit
  const { name, brand } = product
  const categorySlug = product.categories.at(-1)?.slug ?? ''
  const images = shownImages(visit, product, variant)
  const [first] = images
  if (!first) {
    const label = t.drawnPicture(name)
    return html`<figure class="gallery" role="img" aria-label="${label}">${picture(visit, { name, brand, categorySlug }, 'large')}</figure>`
  }
  const pictured = ({ url, ...of }: Image) => ({ name, brand, image: url, ...of, categorySlug })
  const large = (image: Image, isFirst: boolean) =>
    html`<a class="zoomable" href="${wholeUrl(image)}" data-zoom aria-label="${`${t.wishes.enlarge}: ${image.alt || name}`}">${picture(visit, pictured(image), 'large', isFirst)}</a>`
  const words = attrs({
    'data-words': true,
    'data-title': t.pictureOf(name),
    'data-close': t.wishes.closePicture,
    'data-previous': t.wishes.previousPicture,
    'data-next': t.wishes.nextPicture,
  })
  if (images.length === 1)
    return html`<figure class="gallery"${words}>${large(first, true)}</figure>`
  return html`<div class="gallery"${words}><ul class="gallery-strip" tabindex="0" aria-label="${t.pictureOf(name)}">${images.map(
    (image, place) => html`<li id="picture-${place + 1}">${large(image, place === 0)}</li>`,
  )}</ul><ul class="gallery-thumbs">${images.map(
    (image, place) =>
      html`<li><a href="#picture-${place + 1}" aria-label="${image.alt} (${place + 1})">${thumbnail(image)}</a></li>`,
  )}</ul></div>`
}

/** The picture as large as it is to be had. */
function wholeUrl({ url }: Image): string {
  const key = readMediaUrl(url)
  return key ? mediaUrl(key, WHOLE_WIDTH, 'webp') : safeUrl(url)
}

function thumbnail({ url }: Image): Html {
  const key = readMediaUrl(url)
  const src = key ? mediaUrl(key, THUMBNAIL_WIDTH, 'webp') : safeUrl(url)
  return html`<img src="${src}" alt="" width="64" height="64" loading="lazy" referrerpolicy="no-referrer">`
}

function attributeText({ t, format }: Visit, value: Attribute['value']): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return format.number(value)
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if ('unit' in value) return `${format.number(value.value)} ${value.unit}`
  return format.list(value)
}

/** Technical details as a table of two columns; the long tail folded away. */
export function specifications(visit: Visit, product: Product, sku: string): Html {
  const { t } = visit
  const rows = [
    ...(product.brand ? [{ name: t.brand, value: product.brand }] : []),
    ...product.attributes.map(({ name, value }) => ({ name, value: attributeText(visit, value) })),
    { name: 'SKU', value: sku },
  ]
  const table = (part: typeof rows) =>
    html`<table class="specs"><tbody>${part.map(({ name, value }) => html`<tr><th scope="row"><bdi>${name}</bdi></th><td><bdi>${value}</bdi></td></tr>`)}</tbody></table>`
  const rest = rows.slice(SHOWN_ATTRIBUTES)
  return html`<section class="product-section" id="details"><h2>${t.specifications}</h2>
${table(rows.slice(0, SHOWN_ATTRIBUTES))}
${rest.length > 0 && html`<details class="more"><summary>${t.showMore} (${rest.length})</summary>${table(rest)}</details>`}</section>`
}

/** The text as it came, in paragraphs. It is somebody else's: markup in it stays text. */
export function description({ t }: Visit, { description: text }: Product): Html | false {
  if (!text) return false
  const paragraphs = text
    .replace(/<br\s*\/?>|\\n/gi, '\n')
    .split(/\n{1,}/)
    .map((part) => part.trim())
    .filter(Boolean)
  return html`<section class="product-section prose"><h2>${t.description}</h2>${paragraphs.map((part) => html`<p>${part}</p>`)}</section>`
}

/** Whose data this is, and what the demonstration made up. */
export function demoNote({ t, format }: Visit, { demo }: Product): Html | false {
  if (!demo) return false
  const made = demo.made.map((field) => t.demoFields[field] ?? field)
  return html`<aside class="demo-note"><h2>${t.demoNote}</h2><p>${t.demoSource(PRODUCT_SOURCES[demo.source]?.name ?? demo.source, demo.licence)} ${made.length > 0 && t.demoMade(format.list(made))}</p></aside>`
}
