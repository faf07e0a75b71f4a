import { escapeHtml } from '@stoa/html'
import { type DrawingName, drawingSymbol } from '../features/departments/drawings.ts'
import { LOGO_PATHS } from './icons.ts'

/** What a picture of a page says, where it is shared. */
export type SocialPicture = Readonly<{
  name: string
  above: string
  price: string
  isCut: boolean
  isRightToLeft: boolean
  drawing: DrawingName
  photo: Uint8Array | undefined
  /** The shop's name, beside its mark. */
  shop: string
}>

export const SOCIAL_SIZE = { width: 1200, height: 630 } as const

const { width: WIDTH, height: HEIGHT } = SOCIAL_SIZE
const PICTURE = 560
const EDGE = 56
const TEXT_WIDTH = WIDTH - PICTURE - 2 * EDGE
const NAME_LETTERS = 84
const INK = '#1c1a17'
const QUIET = '#635d53'
const CUT = '#b4472e'
const AEGEAN = '#0b4f6c'

type Line = Readonly<{ text: string; size: number; color: string; weight: number }>

/** A JPEG of 1200 × 630: the thing, its name and its price, on the shop's stone. */
export async function drawSocialPicture(given: SocialPicture): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const textAt = given.isRightToLeft ? EDGE : PICTURE + EDGE
  const write = async ({ text, size, color, weight }: Line) => {
    const markup = `<span foreground="${color}" weight="${weight}">${escapeHtml(text)}</span>`
    const align = given.isRightToLeft ? ('right' as const) : ('left' as const)
    const font = `sans ${size}`
    const shape = {
      text: markup,
      font,
      rgba: true,
      dpi: 72,
      width: TEXT_WIDTH,
      align,
    }
    return sharp({ text: { ...shape, wrap: 'word-char' } })
      .png()
      .toBuffer({ resolveWithObject: true })
  }
  const place = (part: Awaited<ReturnType<typeof write>>, top: number) => ({
    input: part.data,
    top,
    // Each part is as wide as its words: where one reads from the right it ends at the edge.
    left: given.isRightToLeft ? textAt + Math.max(0, TEXT_WIDTH - part.info.width) : textAt,
  })
  const name = await write({ text: cut(given.name), size: 46, color: INK, weight: 600 })
  const nameTop = EDGE + 132
  const parts = [place(name, nameTop)]
  if (given.above)
    parts.push(
      place(
        await write({ text: cut(given.above), size: 26, color: QUIET, weight: 400 }),
        EDGE + 84,
      ),
    )
  if (given.price) {
    const color = given.isCut ? CUT : INK
    const price = await write({ text: given.price, size: 64, color, weight: 600 })
    parts.push(
      place(price, Math.max(nameTop + name.info.height + 36, HEIGHT - EDGE - price.info.height)),
    )
  }
  const shop = await write({ text: given.shop, size: 30, color: AEGEAN, weight: 600 })
  const shopLeft = given.isRightToLeft ? WIDTH - PICTURE - EDGE - 48 - shop.info.width : textAt + 48
  parts.push({ input: shop.data, top: EDGE + 4, left: shopLeft })
  const photo = given.photo && (await shownPhoto(given.photo, given.isRightToLeft))
  return sharp(Buffer.from(ground(given)))
    .composite([...(photo ? [photo] : []), ...parts.filter(fits)])
    .jpeg({ quality: 84, progressive: true })
    .toBuffer()
}

/** What would stand below the edge is left out. */
function fits({ top }: Readonly<{ top: number }>): boolean {
  return top < HEIGHT - EDGE / 2
}

function cut(text: string): string {
  return text.length > NAME_LETTERS ? `${text.slice(0, NAME_LETTERS - 1).trimEnd()}…` : text
}

async function shownPhoto(photo: Uint8Array, isRightToLeft: boolean) {
  const { default: sharp } = await import('sharp')
  const fit = { width: PICTURE, height: HEIGHT, fit: 'contain' as const, background: '#ffffff' }
  const input = await sharp(photo).resize(fit).flatten({ background: '#ffffff' }).png().toBuffer()
  return { input, top: 0, left: isRightToLeft ? WIDTH - PICTURE : 0 }
}

/** Stone, the niche with the drawing of its kind, and the mark. */
function ground({ drawing, isRightToLeft }: SocialPicture): string {
  const niche = isRightToLeft ? WIDTH - PICTURE : 0
  const mark = isRightToLeft ? WIDTH - PICTURE - EDGE - 36 : PICTURE + EDGE
  const lines = (drawingSymbol(drawing)?.text ?? '').replace(/<\/?symbol[^>]*>/g, '')
  const scale = 8.5
  const left = niche + (PICTURE - 48 * scale) / 2
  const top = (HEIGHT - 48 * scale) / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fbfaf7"/><rect x="${niche}" width="${PICTURE}" height="${HEIGHT}" fill="#f1eee7"/>
<g fill="none" stroke="#857d6f" stroke-width="1" stroke-linejoin="round" stroke-linecap="round" transform="translate(${left} ${top}) scale(${scale})">${lines}</g>
<g fill="${AEGEAN}" transform="translate(${mark} ${EDGE}) scale(1.15)">${LOGO_PATHS}</g></svg>`
}
