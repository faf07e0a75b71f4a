import { LOGO_PATHS } from './icons.ts'

const AEGEAN = '#0b4f6c'
const LIMESTONE = '#fbfaf7'

type Shape = Readonly<{
  size: number
  /** Part of the width that the mark takes. */
  mark: number
  /** Of the ground; none where the system gives it its own. */
  ground?: string
  /** Part of the width that corners are rounded by. */
  round?: number
}>

/** The shop's mark as systems want it. Maskable ones keep to the inner circle of 80 percent. */
const SHAPES = {
  'app-192': { size: 192, mark: 0.6, ground: AEGEAN, round: 0.2 },
  'app-512': { size: 512, mark: 0.6, ground: AEGEAN, round: 0.2 },
  'maskable-192': { size: 192, mark: 0.5, ground: AEGEAN },
  'maskable-512': { size: 512, mark: 0.5, ground: AEGEAN },
  'apple-180': { size: 180, mark: 0.6, ground: AEGEAN },
  /** For the bar of notices: the system looks at its shape alone. */
  'badge-96': { size: 96, mark: 0.9 },
} as const satisfies Readonly<Record<string, Shape>>

export type IconShape = keyof typeof SHAPES

export function isIconShape(name: string): name is IconShape {
  return Object.hasOwn(SHAPES, name)
}

export const SIZES = Object.fromEntries(
  Object.entries(SHAPES).map(([name, { size }]) => [name, `${size}x${size}`]),
) as Readonly<Record<IconShape, string>>

const drawn = new Map<IconShape, Promise<Buffer>>()

/** A picture of the mark, drawn when it is first asked for. */
export function drawIcon(name: IconShape): Promise<Buffer> {
  const known = drawn.get(name) ?? draw(markSvg(SHAPES[name]))
  drawn.set(name, known)
  return known
}

async function draw(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(svg)).png().toBuffer()
}

function markSvg({ size, mark, ground, round = 0 }: Shape): string {
  const scale = (size * mark) / 32
  const edge = (size * (1 - mark)) / 2
  const rect = ground
    ? `<rect width="${size}" height="${size}" rx="${size * round}" fill="${ground}"/>`
    : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${rect}<g fill="${LIMESTONE}" transform="translate(${edge} ${edge}) scale(${scale})">${LOGO_PATHS}</g></svg>`
}
