import type { FastifyInstance } from 'fastify'
import type { ApiDocument } from './model.ts'
import { referencePage } from './page.ts'
import { STYLE } from './style.ts'

/** Serves the API reference at /api/reference, made once from the OpenAPI document. */
export function serveApiReference(app: FastifyInstance, document: object): void {
  const page = referencePage(document as ApiDocument)
  const policy =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  app.get('/api/reference', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'cache-control': 'public, max-age=300' })
      .send(page),
  )
  app.get('/api/reference.css', async (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .send(STYLE),
  )
}
