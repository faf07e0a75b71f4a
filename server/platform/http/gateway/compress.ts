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
type Forms = Partial<Record<Encoding, Promise<Buffer>>>

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

function compressed(payload: string | Uint8Array, encoding: Encoding): Promise<Buffer> {
  const compress =
    encoding === 'br' ? () => compressBrotli(payload, QUALITY) : () => compressGzip(payload)
  if (typeof payload === 'string') return compress()
  const known = forms.get(payload) ?? {}
  forms.set(payload, known)
  known[encoding] ??= compress()
  return known[encoding]
}

function addVary(reply: FastifyReply): void {
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`)
}

/** The best encoding that a caller takes; one with `q=0` is none. */
function acceptedEncoding(header: string | string[] | undefined): Encoding | undefined {
  const accepted = new Map(
    String(header ?? '')
      .split(',')
      .map((part) => {
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
