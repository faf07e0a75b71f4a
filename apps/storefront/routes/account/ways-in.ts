import { html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { keepCeremony, takeCeremony } from './ceremony.ts'
import { askSelf, confirmSelf } from './confirm-self.ts'
import { type Exchange, explain, onPost, sendAccountPage, signedIn } from './forms.ts'
import { showSecurity } from './security.ts'
import { readCredential } from './sign-in-passkey.ts'
import { goToProvider } from './sign-in-provider.ts'

const HERE = paths.account('security')
const act = (action: string) => paths.accountAction('security', action)

/** Passkeys and providers of an account: added and removed by whoever has shown that it is he. */
export function waysInRoutes(app: FastifyInstance, shop: Shop): void {
  passkeyForms(app, shop)
  onPost(
    app,
    shop,
    act('provider'),
    signedIn(async (exchange) => {
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'provider')
      const begun = await shop.api.beginProviderLink({})
      if (!begun.ok) return showSecurity(exchange, explain(exchange.v, begun.problem))
      return goToProvider(exchange, begun.data, { kind: 'provider-link', back: HERE })
    }),
  )
  onPost(
    app,
    shop,
    act('provider-remove'),
    signedIn(async ({ form, ...exchange }) => {
      const kept = { providerLoginId: form.text('providerLoginId') }
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'provider-remove', kept)
      return done(exchange, await shop.api.removeProviderLogin({ params: kept }))
    }),
  )
}

function passkeyForms(app: FastifyInstance, shop: Shop): void {
  onPost(
    app,
    shop,
    act('passkey'),
    signedIn(async (exchange) => {
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'passkey')
      return showNewPasskey(exchange)
    }),
  )
  onPost(
    app,
    shop,
    act('passkey-add'),
    signedIn(async ({ form, ...exchange }) => {
      const ceremony = takeCeremony(exchange, 'new-passkey')?.token ?? ''
      const credential = readCredential(exchange) as never
      const name = form.text('name').slice(0, 60) || exchange.v.t.account.access.passkey
      return done(exchange, await shop.api.addPasskey({ body: { ceremony, name, credential } }))
    }),
  )
  onPost(
    app,
    shop,
    act('passkey-name'),
    signedIn(async ({ form, ...exchange }) => {
      const params = { passkeyId: form.text('passkeyId') }
      const body = { name: form.text('name') }
      return done(exchange, await shop.api.renamePasskey({ params, body }))
    }),
  )
  onPost(
    app,
    shop,
    act('passkey-remove'),
    signedIn(async ({ form, ...exchange }) => {
      const kept = { passkeyId: form.text('passkeyId') }
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'passkey-remove', kept)
      return done(exchange, await shop.api.removePasskey({ params: kept }))
    }),
  )
}

type Refusable =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; problem: Parameters<typeof explain>[1] }>

function done(exchange: Exchange, result: Refusable): FastifyReply | Promise<FastifyReply> {
  const { v, shop, reply } = exchange
  if (!result.ok) return showSecurity(exchange, explain(v, result.problem))
  say(shop, reply, { tone: 'good', text: v.t.account.saved })
  return seeOther(reply, HERE)
}

async function showNewPasskey(exchange: Exchange): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { access } = v.t.account
  const begun = await shop.api.beginPasskey({})
  if (!begun.ok) return showSecurity(exchange, explain(v, begun.problem))
  keepCeremony(exchange, { kind: 'new-passkey', token: begun.data.ceremony, back: HERE })
  const main = html`<h1>${access.passkeyAdd}</h1><p>${access.passkeyHelp}</p>
<form method="post" action="${act('passkey-add')}" data-passkey="create" data-options="${JSON.stringify(begun.data.options)}" hidden>${formToken(shop, request, reply)}<input type="hidden" name="credential" value="">
${field({ name: 'name', label: access.passkeyName, autocomplete: 'off', value: access.passkey })}
<button class="button">${access.passkeyAdd}</button>
<p class="field-error" role="alert" data-passkey-failed hidden>${access.passkeyFailed}</p></form>
<noscript>${notice(access.passkeyNeedsScript)}</noscript>`
  const scripts = ['islands/passkeys.ts'] as const
  return sendAccountPage(exchange, { here: 'security', title: access.passkeyAdd, main, scripts })
}
