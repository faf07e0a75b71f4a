import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

const SMALLEST_BYTES = 1_400
// Above these sizes a slower, better quality costs more than the line gains.
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }
const TEXT = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:csv|plain))\b/

type Encoding = 'br' | 'gzip'
type Forms = Partial<Record<Encoding, Buffer | Promise<Buffer>>>

/** Compressed forms of answers that are kept as bytes: made once, and gone together with them. */
const forms = new WeakMap<Uint8Array, Forms>()

/**
 * Compresses what the API answers, as far as the caller can read it. Not what answers a browser's
 * cookie on a private route: there a stranger's page could put guesses beside a secret and measure
 * the length (BREACH). What streams, and what is compressed already, goes as it is.
 */
export async function compressAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { spec } = request.routeOptions.config
  if (!spec || (typeof payload !== 'string' && !(payload instanceof Uint8Array))) return payload
  if (payload.length < SMALLEST_BYTES || reply.hasHeader('content-encoding')) return payload
  if (!TEXT.test(String(reply.getHeader('content-type')))) return payload
  addVary(reply)
  const encoding = acceptedEncoding(request.headers['accept-encoding'])
  if (!encoding || (request.headers.cookie && !spec.access.includes('public'))) return payload
  const bytes = await compressed(payload, encoding)
  reply.header('content-encoding', encoding).removeHeader('content-length')
  return bytes
}

/** What becomes of kept bytes of JSON for a caller, and the headers that tell it. */
export type Form = Readonly<{ bytes: Uint8Array; encoding: Encoding | undefined; varies: boolean }>

/** What `compressAnswer` makes of kept bytes of JSON; undefined if it would have to compress them first. */
export function compressedNow(bytes: Uint8Array, accepts: string | undefined): Form | undefined {
  if (bytes.length < SMALLEST_BYTES) return { bytes, encoding: undefined, varies: false }
  const encoding = acceptedEncoding(accepts)
  if (!encoding) return { bytes, encoding, varies: true }
  const known = forms.get(bytes)?.[encoding]
  return known instanceof Uint8Array ? { bytes: known, encoding, varies: true } : undefined
}

async function compressed(payload: string | Uint8Array, encoding: Encoding): Promise<Buffer> {
  const compress =
    encoding === 'br' ? () => compressBrotli(payload, QUALITY) : () => compressGzip(payload)
  if (typeof payload === 'string') return compress()
  const known = forms.get(payload) ?? {}
  forms.set(payload, known)
  known[encoding] ??= compress()
  const made = await known[encoding]
  known[encoding] = made
  return made
}

function addVary(reply: FastifyReply): void {
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`)
}

/** There are few: each browser says the same with all its requests. */
const understood = new Map<string, Encoding | undefined>()
const UNDERSTOOD_MAX = 1_000

/** The best encoding that a caller takes; one with `q=0` is none. */
function acceptedEncoding(header: string | string[] | undefined): Encoding | undefined {
  if (header === undefined) return undefined
  const text = String(header)
  if (!understood.has(text)) {
    if (understood.size >= UNDERSTOOD_MAX) understood.clear()
    understood.set(text, readAcceptEncoding(text))
  }
  return understood.get(text)
}

function readAcceptEncoding(header: string): Encoding | undefined {
  const accepted = new Map(
    header.split(',').map((part) => {
      const [name = '', quality = ''] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*q=/)
      return [name, quality === '' ? 1 : Number(quality)] as const
    }),
  )
  if ((accepted.get('br') ?? 0) > 0) return 'br'
  return (accepted.get('gzip') ?? 0) > 0 ? 'gzip' : undefined
}
