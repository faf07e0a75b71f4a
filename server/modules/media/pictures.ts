import type Sharp from 'sharp'
import type { Metadata } from 'sharp'
import { Problem } from '#contracts/kit/problem.ts'
import type { MediaFormat } from '#contracts/media/addresses.ts'
import { mediaProblem } from '#contracts/media/problems.ts'
import { MAX_PIXELS } from '#contracts/media/routes.ts'
import type { PictureKind } from './inspect.ts'

/** A picture drawn anew: upright, in sRGB, with nothing in it but pixels. */
export type Master = Readonly<{
  bytes: Buffer
  format: 'jpeg' | 'webp'
  width: number
  height: number
  color: string
}>

/** Enough for the widest size on screens of two pixels a point. */
const MASTER_SIDE = 3840
/** Libraries for what may come from outside; all others of libvips stay shut. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
)

let loaded: Promise<typeof Sharp> | undefined

/** The library takes 25 MB and a fifth of a second: whoever sees no picture does without. */
function load(): Promise<typeof Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    // One thread a picture: how many are worked on at once is decided here, not there.
    sharp.concurrency(1)
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({ operation: LOADERS })
    return sharp
  })
  return loaded
}

/**
 * Decodes a picture and draws it anew, so that nothing of the file but what is seen remains.
 * @throws media.too_many_pixels, media.damaged, media.animated
 */
export async function drawMaster(bytes: Buffer, kind: PictureKind): Promise<Master> {
  const sharp = await load()
  try {
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata()
    refuseExcess(metadata)
    const image = () => sharp(bytes, { failOn: 'warning', limitInputPixels: MAX_PIXELS })
    const isSheer = metadata.hasAlpha === true && !(await image().stats()).isOpaque
    const drawn = image()
      .autoOrient()
      .resize({ width: MASTER_SIDE, height: MASTER_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
    const { data, info } = await (isSheer
      ? drawn.webp({ quality: 95, alphaQuality: 100 })
      : drawn.jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    ).toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const format = isSheer ? 'webp' : 'jpeg'
    return { bytes: data, format, width, height, color: await meanColor(sharp, data) }
  } catch (error) {
    if (error instanceof Problem) throw error
    const detail = `The ${kind.toUpperCase()} cannot be decoded: ${(error as Error).message.split('\n')[0]}`
    throw mediaProblem('media.damaged', { detail })
  }
}

function refuseExcess({ width, height, pages }: Metadata): void {
  if (width * height > MAX_PIXELS)
    throw mediaProblem('media.too_many_pixels', {
      detail: `${width} × ${height} are more than ${MAX_PIXELS / 1_000_000} million pixels.`,
      data: { width, height },
    })
  if ((pages ?? 1) > 1) throw mediaProblem('media.animated', { detail: `It has ${pages} frames.` })
}

async function meanColor(sharp: typeof Sharp, bytes: Buffer): Promise<string> {
  const pixel = await sharp(bytes)
    .flatten({ background: '#ffffff' })
    .resize(1, 1, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer()
  return `#${pixel.toString('hex', 0, 3)}`
}

/** A master in a width (its own, if it is narrower) and a format. */
export async function drawSize(
  master: Buffer,
  { width, format }: Readonly<{ width: number; format: MediaFormat }>,
): Promise<Buffer> {
  const sharp = await load()
  const image = sharp(master).resize({ width, withoutEnlargement: true })
  switch (format) {
    case 'avif':
      return image.avif({ quality: 52, effort: 3 }).toBuffer()
    case 'webp':
      return image.webp({ quality: 80 }).toBuffer()
    case 'jpg':
      return image
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: 80, progressive: true })
        .toBuffer()
  }
}
