import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

export const S3_KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' }

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/**
 * A bucket `pictures` in memory behind S3's protocol: path-style addresses, and signatures of version
 * 4 that are made again from the request, by the specification, and compared.
 */
export async function startS3() {
  const objects = new Map<string, Buffer>()
  const state = { failures: 0, requests: 0 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    state.requests += 1
    const refuse = (status: number, code: string) =>
      response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`)
    if (!isSigned(request, body)) return refuse(403, 'SignatureDoesNotMatch')
    if (state.failures > 0) {
      state.failures -= 1
      return refuse(503, 'SlowDown')
    }
    const path = request.url ?? ''
    if (!path.startsWith('/pictures/')) return refuse(404, 'NoSuchBucket')
    if (request.method === 'PUT') {
      objects.set(path, body)
      return response.end()
    }
    if (request.method === 'DELETE') {
      objects.delete(path)
      return response.writeHead(204).end()
    }
    const found = objects.get(path)
    return found ? response.end(found) : refuse(404, 'NoSuchKey')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  return { endpoint, objects, state }
}

/** Source: AWS, "Create a signed AWS API request". */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const header = String(request.headers.authorization)
  const [, id, day, region, names = '', given = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    ) ?? []
  const signed = names.split(';')
  const digest = String(request.headers['x-amz-content-sha256'])
  const isBodyMeant = digest === 'UNSIGNED-PAYLOAD' || digest === sha256(body)
  if (id !== S3_KEYS.accessKeyId || !isBodyMeant || !signed.includes('host')) return false
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const headers = signed.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('')
  const canonical = [request.method, path, query, headers, names, digest].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${request.headers['x-amz-date']}\n${scope}\n${sha256(canonical)}`
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (key, part) => hmac(key, String(part)),
    `AWS4${S3_KEYS.secretAccessKey}`,
  )
  return timingSafeEqual(hmac(key, text), Buffer.from(given.padEnd(64, '0'), 'hex'))
}
