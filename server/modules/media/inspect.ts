import { mediaProblem } from '#contracts/media/problems.ts'

/** Kinds of pictures that are accepted. */
export type PictureKind = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif'

/** Where a picture ends in its file, and whether it moves. `end` is undefined if it does not end. */
type Extent = Readonly<{ kind: PictureKind; end: number | undefined; moves: boolean }>

const PNG = '89504e470d0a1a0a'

/**
 * Says by its bytes alone what a file is, before anything decodes it.
 * @throws media.empty, media.unsupported_format, media.animated, media.damaged, media.trailing_data
 */
export function inspect(bytes: Buffer): PictureKind {
  if (bytes.length === 0) throw mediaProblem('media.empty')
  const extent = measure(bytes)
  if (!extent) throw mediaProblem('media.unsupported_format', { detail: nameOther(bytes) })
  const { kind, end, moves } = extent
  if (moves)
    throw mediaProblem('media.animated', {
      detail: `This ${kind.toUpperCase()} has several frames.`,
    })
  if (end === undefined || end > bytes.length)
    throw mediaProblem('media.damaged', { detail: `The ${kind.toUpperCase()} ends too early.` })
  if (!isHarmless(bytes.subarray(end)))
    throw mediaProblem('media.trailing_data', {
      detail: `${bytes.length - end} bytes stand behind the end of the ${kind.toUpperCase()}.`,
    })
  return kind
}

function measure(bytes: Buffer): Extent | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (bytes.readUIntBE(0, Math.min(3, bytes.length)) === 0xffd8ff)
    return { kind: 'jpeg', end: endOfJpeg(bytes), moves: false }
  if (bytes.toString('hex', 0, 8) === PNG) return { kind: 'png', ...walkPng(bytes) }
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') {
    const moves = text(12, 16) === 'VP8X' && ((bytes[20] ?? 0) & 0x02) !== 0
    const size = bytes.readUInt32LE(4)
    return { kind: 'webp', end: 8 + size + (size % 2), moves }
  }
  if (text(4, 8) === 'ftyp' && /^avi[fs]$/.test(text(8, 12)))
    return { kind: 'avif', end: endOfBoxes(bytes), moves: text(8, 12) === 'avis' }
  if (/^GIF8[79]a$/.test(text(0, 6))) return { kind: 'gif', ...walkGif(bytes) }
  return undefined
}

/** Padding, or the further JPEGs that cameras append as previews; all are thrown away. */
function isHarmless(rest: Buffer): boolean {
  if (rest.length >= 3 && rest.readUIntBE(0, 3) === 0xffd8ff) return true
  return rest.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20)
}

function endOfJpeg(bytes: Buffer): number | undefined {
  let at = 2
  while (at + 4 <= bytes.length + 2) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]
    if (marker === undefined) return undefined
    if (marker === 0xff) at += 1
    else if (marker === 0xd9) return at + 2
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else {
      if (at + 4 > bytes.length) return undefined
      at += 2 + bytes.readUInt16BE(at + 2)
      if (marker === 0xda) at = endOfScan(bytes, at)
    }
  }
  return undefined
}

/** Behind a scan's data: the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at >= 0) {
    const next = bytes[at + 1] ?? 0xd9
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
    at = bytes.indexOf(0xff, at + (next === 0xff ? 1 : 2))
  }
  return bytes.length
}

function walkPng(bytes: Buffer): Omit<Extent, 'kind'> {
  let at = 8
  let moves = false
  while (at + 12 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    at += 12 + bytes.readUInt32BE(at)
    if (type === 'acTL') moves = true
    if (type === 'IEND') return { end: at, moves }
  }
  return { end: undefined, moves }
}

/** ISO base media: boxes one after the other, one of them the data; one of size 0 goes to the end. */
function endOfBoxes(bytes: Buffer): number | undefined {
  let at = 0
  let hasData = false
  while (at + 8 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (!/^[\w ]{4}$/.test(type)) break
    if (type === 'mdat') hasData = true
    const size = bytes.readUInt32BE(at)
    if (size === 0) return hasData ? bytes.length : undefined
    if (size === 1 && at + 16 > bytes.length) return undefined
    const whole = size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size
    if (whole < 8) return undefined
    at += whole
  }
  return hasData ? at : undefined
}

function walkGif(bytes: Buffer): Omit<Extent, 'kind'> {
  const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  let at = 13 + tableBytes(bytes[10] ?? 0)
  let frames = 0
  while (at < bytes.length) {
    const block = bytes[at]
    if (block === 0x3b) return { end: at + 1, moves: frames > 1 }
    if (block === 0x2c) {
      frames += 1
      at += 11 + tableBytes(bytes[at + 9] ?? 0)
    } else if (block === 0x21) at += 2
    else break
    while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] as number)
    at += 1
  }
  return { end: undefined, moves: frames > 1 }
}

const ACCEPTED = 'Accepted are JPEG, PNG, WebP, AVIF and GIF.'

/** What a file is that is no picture of ours, in words. */
function nameOther(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 1024).replace(/^(?:\xef\xbb\xbf|\s)+/, '')
  if (/^<[\s\S]*<svg[\s>]|^<svg[\s>]/i.test(start))
    return `This is an SVG, which can carry scripts. ${ACCEPTED}`
  if (/^<(!doctype html|html|head|body|script)/i.test(start)) return `This is HTML. ${ACCEPTED}`
  if (start.startsWith('<')) return `This is markup, not a picture. ${ACCEPTED}`
  const brand = bytes.toString('latin1', 4, 12)
  if (/^ftyp(hei|hev|mif)/.test(brand)) return `This is HEIC. ${ACCEPTED}`
  if (/^ftyp/.test(brand)) return `This is a film. ${ACCEPTED}`
  const known = NAMES.find(([begin]) => start.startsWith(begin))
  return `This is ${known ? known[1] : 'no picture'}. ${ACCEPTED}`
}

const NAMES: readonly (readonly [begin: string, name: string])[] = [
  ['%PDF', 'a PDF'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['BM', 'a BMP'],
  ['II*\0', 'a TIFF'],
  ['MM\0*', 'a TIFF'],
  ['8BPS', 'a Photoshop file'],
  ['\x1f\x8b', 'a packed file'],
]
