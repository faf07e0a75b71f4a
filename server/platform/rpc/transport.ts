import { Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'

export type Answer = Readonly<{ status: number; body: string }>

export type Post = (input: {
  path: string
  body: string
  headers: Readonly<Record<string, string>>
  signal: AbortSignal
}) => Promise<Answer>

const MAX_SOCKETS = 256

/** Posts to one server over connections that are kept. Rejects as `node:http` does. */
export function createPost(url: string): Post {
  const base = new URL(url)
  const secure = base.protocol === 'https:'
  const request = secure ? httpsRequest : httpRequest
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, noDelay: true }
  const agent = secure ? new SecureAgent(options) : new Agent(options)
  const prefix = base.pathname.replace(/\/$/, '')
  return ({ path, body, headers, signal }) =>
    new Promise((resolve, reject) => {
      const call = request(
        {
          method: 'POST',
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port,
          path: `${prefix}${path}`,
          agent,
          signal,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
          })
          response.on('error', reject)
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
        },
      )
      call.on('error', reject)
      call.end(body)
    })
}
