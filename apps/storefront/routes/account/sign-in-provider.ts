import type { LinkNeeded } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { readCart, say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { localPath, paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { type Ceremony, keepCeremony, takeCeremony } from './ceremony.ts'
import { type Exchange, enter, explain, onGet, onPost, sendNarrow } from './forms.ts'
import { optional, rawText, showCode, showSignIn } from './sign-in.ts'

type Begun = Readonly<{ url: string; ceremony: string }>
type Returned = Readonly<{ code?: string; state?: string; iss?: string; error?: string }>

/** Signing in with a provider: there, back, and where both mean one address, a password once. */
export function providerSignInRoutes(app: FastifyInstance, shop: Shop): void {
  onPost(app, shop, paths.signInProviderBegin(), async ({ form, ...exchange }) => {
    const back = localPath(form.text('back') || paths.account())
    const begun = await shop.api.beginProviderLogin({})
    if (!begun.ok)
      return showSignIn(exchange, { back, wrong: explain(exchange.v, begun.problem), status: 422 })
    return goToProvider(exchange, begun.data, { kind: 'provider', back })
  })

  onGet(app, shop, paths.signInProvider(), async (exchange) => {
    const { v, request } = exchange
    const ceremony = takeCeremony(exchange, 'provider', 'provider-link')
    if (!ceremony)
      return showSignIn(exchange, {
        back: paths.account(),
        wrong: v.t.account.linkInvalid,
        status: 422,
      })
    const returned = readReturned(request.query)
    if (ceremony.kind === 'provider-link') return link(exchange, ceremony, returned)
    return arrive(exchange, ceremony, returned)
  })

  onPost(app, shop, paths.signInProviderLink(), async ({ form, ...exchange }) => {
    const { v, request } = exchange
    const back = localPath(form.text('back') || paths.account())
    const [challenge, email] = [form.text('challenge'), form.text('email')]
    const body = { challenge, password: rawText(request, 'password'), ...arriving(exchange) }
    const result = await shop.api.linkProviderByPassword({ body })
    if (!result.ok) {
      const wrong = explain(v, result.problem)
      if (result.problem.code === 'identity.credentials_wrong')
        return showLink(exchange, { back, challenge, email }, wrong)
      return showSignIn(exchange, { back, wrong, status: 422 })
    }
    if (result.data.status === 'second_factor_needed')
      return showCode(exchange, { back, challenge: result.data.challenge })
    return enter(exchange, result.data, back)
  })
}

/** Sends the browser on, by a page: the policy of ours lets no form end at another site. */
export async function goToProvider(
  exchange: Exchange,
  { url, ceremony: token }: Begun,
  began: Pick<Ceremony, 'kind' | 'back'>,
): Promise<FastifyReply> {
  const { access } = exchange.v.t.account
  keepCeremony(exchange, { ...began, token })
  exchange.reply.header('refresh', `0; url=${url}`)
  const main = html`<h1>${access.goingOn}</h1><p><a class="button button-large" href="${url}" rel="noreferrer">${access.goOn}</a></p>`
  return sendNarrow(exchange, { title: access.goingOn, main })
}

async function arrive(
  exchange: Exchange,
  { token, back }: Ceremony,
  returned: Returned,
): Promise<FastifyReply> {
  const { v, shop } = exchange
  const body = { ceremony: token, returned, ...arriving(exchange) }
  const result = await shop.api.loginProvider({ body })
  if (!result.ok)
    return showSignIn(exchange, { back, wrong: explain(v, result.problem), status: 422 })
  const { data } = result
  if (data.status === 'link_needed') return showLink(exchange, { ...data, back })
  if (data.status === 'second_factor_needed')
    return showCode(exchange, { back, challenge: data.challenge })
  return enter(exchange, data, back)
}

async function link(
  { v, shop, reply }: Exchange,
  { token, back }: Ceremony,
  returned: Returned,
): Promise<FastifyReply> {
  const linked = await shop.api.addProviderLogin({ body: { ceremony: token, returned } })
  if (linked.ok) say(shop, reply, { tone: 'good', text: v.t.account.saved })
  else say(shop, reply, { tone: 'bad', text: explain(v, linked.problem) })
  return seeOther(reply, back)
}

function arriving({ request }: Exchange) {
  return {
    ...optional('deviceToken', request.cookies['device']),
    ...optional('cartId', readCart(request)?.id),
  }
}

function readReturned(query: unknown): Returned {
  const given = query as Readonly<Record<string, unknown>>
  const names = ['code', 'state', 'iss', 'error'] as const
  const found = names.flatMap((name) => {
    const value = given[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return Object.fromEntries(found) as Returned
}

async function showLink(
  exchange: Exchange,
  { challenge, email, back }: Pick<LinkNeeded, 'challenge' | 'email'> & Readonly<{ back: string }>,
  wrong?: string,
): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const put = (name: string, value: string): Html =>
    html`<input type="hidden" name="${name}" value="${value}">`
  const main = html`<h1>${a.access.linkTitle}</h1><p>${a.access.linkHelp(email)}</p>${notice(wrong)}
<form method="post" action="${paths.signInProviderLink()}">${formToken(shop, request, reply)}${put('challenge', challenge)}${put('email', email)}${put('back', back)}
${field({ name: 'password', label: a.password, type: 'password', autocomplete: 'current-password' })}
<button class="button button-large">${a.signIn}</button>
<p><a href="${paths.forgot()}">${a.forgot}</a></p></form>`
  return sendNarrow(exchange, { title: a.access.linkTitle, main, status: wrong ? 422 : 200 })
}
