import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** A picture of two coloured halves, with a disc: enough to see whether it stands upright. */
export function drawPicture({
  width = 640,
  height = 480,
  sheer = false,
}: Readonly<{ width?: number; height?: number; sheer?: boolean }> = {}): Sharp {
  const pixels = Buffer.alloc(width * height * 4)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4
      const inDisc = (x - width / 4) ** 2 + (y - height / 3) ** 2 < (height / 5) ** 2
      pixels[at] = inDisc ? 240 : x < width / 2 ? 200 : 40
      pixels[at + 1] = inDisc ? 230 : 90
      pixels[at + 2] = x < width / 2 ? 40 : 160
      pixels[at + 3] = sheer && y < height / 2 ? 0 : 255
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
}

/** A PNG that claims so many pixels a side, and whose few bytes unpack to a great many. */
export function bombPng(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 8
  const data = deflateSync(Buffer.alloc(16 * 2 ** 20))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
