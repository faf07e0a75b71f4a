import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

const TIMEOUT_MS = 10_000

/** Sends one webhook. Answers true on 2xx; a redirect is a failure and is not followed. */
export type WebhookClient = Readonly<{
  post: (headers: Readonly<Record<string, string>>, body: string) => Promise<boolean>
  close: () => void
}>

export function createWebhookClient(
  options: Readonly<{ url: string; connectionsMax: number }>,
): WebhookClient {
  const target = new URL(options.url)
  const isHttps = target.protocol === 'https:'
  const send = isHttps ? httpsRequest : httpRequest
  const settings = { keepAlive: true, maxSockets: options.connectionsMax }
  const agent = isHttps ? new HttpsAgent(settings) : new HttpAgent(settings)
  const address = {
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port === '' ? (isHttps ? 443 : 80) : Number(target.port),
    path: target.pathname + target.search,
  }

  return {
    post(headers, body) {
      return new Promise((resolve) => {
        const length = Buffer.byteLength(body)
        const request = send({
          ...address,
          agent,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
        })
        const deadline = setTimeout(() => request.destroy(), TIMEOUT_MS)
        const settle = (isDelivered: boolean): void => {
          clearTimeout(deadline)
          resolve(isDelivered)
        }
        request.on('response', (response) => {
          const status = response.statusCode ?? 0
          response.resume()
          response.on('end', () => settle(status >= 200 && status < 300))
          response.on('error', () => settle(false))
          response.on('close', () => settle(false))
        })
        request.on('error', () => settle(false))
        request.on('close', () => settle(false))
        request.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}
