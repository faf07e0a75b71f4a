import { createHash, timingSafeEqual } from 'node:crypto'
import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import type { IdentityApi } from '../modules/identity/index.ts'

const SHOWN = 50

/**
 * The mails of a demo shop that has no mail server, for whoever holds the operator's key: the
 * browser asks for it as a password.
 */
export function serveDevMail(
  app: FastifyInstance,
  {
    listMails,
    operatorKey,
  }: Readonly<{ listMails: IdentityApi['listMails']; operatorKey: string }>,
): void {
  const expected = digest(operatorKey)
  app.get('/dev/mail', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (!timingSafeEqual(digest(passwordOf(request.headers.authorization)), expected)) {
      return reply
        .code(401)
        .header('www-authenticate', 'Basic realm="operator key as password"')
        .type('text/plain; charset=utf-8')
        .send('The password is the operator key: see secrets.json in STOA_HOME.')
    }
    const mails = await listMails({ limit: SHOWN })
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails</title></head><body>
<h1>Mails that would have been sent</h1>
${mails.map(
  ({ to, subject, text, createdAt }) =>
    html`<article><h2>${subject}</h2><p>To ${to}, ${createdAt}</p>${text.split('\n').map((line) => (/^https?:\/\/\S+$/.test(line) ? html`<p><a href="${line}">${line}</a></p>` : html`<p>${line}</p>`))}</article><hr>`,
)}
${mails.length === 0 && html`<p>None yet.</p>`}</body></html>`
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
      .send(page.text)
  })
}

/** From `Basic` with any name, or `Bearer`. */
function passwordOf(header: string | undefined): string {
  const [kind, value = ''] = (header ?? '').split(' ')
  if (kind === 'Bearer') return value
  if (kind !== 'Basic') return ''
  const text = Buffer.from(value, 'base64').toString()
  return text.slice(text.indexOf(':') + 1)
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
