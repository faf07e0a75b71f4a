import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asset } from './assets.ts'

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

// Quality 4 takes a millisecond for a page; higher ones take tens and save a tenth.
const QUALITY = 4
/** Pages fit into 256 kB; to set up the usual window of 4 MB costs the main thread more than all else of it. */
const WINDOW_BITS = 18
const SMALLEST_BYTES = 1000

export type Encoding = 'br' | 'gzip' | undefined

export function acceptedEncoding(request: FastifyRequest): Encoding {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return 'br'
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined
}

/** An onSend hook: text leaves compressed, as far as the browser can read it. */
export async function compressReply(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (typeof payload !== 'string' || reply.hasHeader('content-encoding')) return payload
  reply.header('vary', 'Accept-Encoding, Cookie')
  const encoding = acceptedEncoding(request)
  if (encoding === undefined || payload.length < SMALLEST_BYTES) return payload
  reply.header('content-encoding', encoding).removeHeader('content-length')
  return compress(payload, encoding)
}

export function compress(text: string, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(text)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  }
  return compressBrotli(text, { params })
}

/** The form of a bundled file that the browser can read. */
export function encoded(asset: Asset, encoding: Encoding): Uint8Array {
  if (encoding === 'br') return asset.brotli
  return encoding === 'gzip' ? asset.gzip : asset.body
}
