import type { FastifyInstance } from 'fastify'
import { readCart } from '../../lib/cookies.ts'
import { localPath, paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { keepCeremony, takeCeremony } from './ceremony.ts'
import { type Exchange, enter, explain, onPost } from './forms.ts'
import { optional, rawText, showCode, showSignIn } from './sign-in.ts'

/** A passkey's answer is about a thousand letters; those of some security keys are longer. */
const CREDENTIAL_LENGTH = 16_384

/** Signing in by passkey: the browser asks for a challenge, then sends the answer as a form. */
export function passkeySignInRoutes(app: FastifyInstance, shop: Shop): void {
  onPost(app, shop, paths.signInPasskeyBegin(), async (exchange) => {
    const { reply } = exchange
    const begun = await shop.api.beginPasskeyLogin({})
    if (!begun.ok) return reply.code(begun.problem.status).send({ code: begun.problem.code })
    const { ceremony: token, options } = begun.data
    keepCeremony(exchange, { kind: 'passkey', token, back: paths.account() })
    return reply.header('cache-control', 'no-store').send(options)
  })

  onPost(app, shop, paths.signInPasskey(), async ({ form, ...exchange }) => {
    const { v, request } = exchange
    const back = localPath(form.text('back') || paths.account())
    const ceremony = takeCeremony(exchange, 'passkey')?.token ?? ''
    const result = await shop.api.loginPasskey({
      body: {
        ceremony,
        credential: readCredential(exchange) as never,
        ...optional('deviceToken', request.cookies['device']),
        ...optional('cartId', readCart(request)?.id),
      },
    })
    if (!result.ok)
      return showSignIn(exchange, { back, wrong: explain(v, result.problem), status: 422 })
    if (result.data.status === 'second_factor_needed')
      return showCode(exchange, { back, challenge: result.data.challenge })
    return enter(exchange, result.data, back)
  })
}

/** What the authenticator said; the API judges it. */
export function readCredential({ request }: Pick<Exchange, 'request'>): unknown {
  try {
    return JSON.parse(rawText(request, 'credential', CREDENTIAL_LENGTH))
  } catch {
    return null
  }
}
