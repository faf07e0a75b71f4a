import { html } from '@stoa/html'
import type { FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { formToken } from '../../lib/form-token.ts'
import { type Exchange, sendAccountPage } from './forms.ts'
import { rawText } from './sign-in.ts'

/**
 * Whether the password that came along says that it is still the same person. Who has none is asked by the API itself to
 * sign in again, if that was too long ago.
 */
export async function confirmSelf({ v, shop, request }: Exchange): Promise<boolean> {
  if (v.account?.hasPassword === false) return true
  const password = rawText(request, 'self')
  return password !== '' && (await shop.api.reauthenticate({ body: { password } })).ok
}

/** Asks for the password before something sensitive is changed; `kept` comes along again. */
export async function askSelf(
  exchange: Exchange,
  action: string,
  kept: Readonly<Record<string, string>> = {},
): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const wrong = rawText(request, 'self') === '' ? undefined : a.wrongSignIn
  const page = request.url.split('?')[0]?.split('/').slice(0, 3).join('/')
  const hidden = Object.entries(kept).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const main = html`<h1>${a.confirmTitle}</h1><p>${a.confirmHelp}</p>${notice(wrong)}
<form method="post" action="${`${page}/${action}`}">${formToken(shop, request, reply)}${hidden}
${field({ name: 'self', label: a.password, type: 'password', autocomplete: 'current-password' })}
<button class="button">${a.confirm}</button></form>`
  return sendAccountPage(exchange, { title: a.confirmTitle, main, status: wrong ? 422 : 200 })
}
