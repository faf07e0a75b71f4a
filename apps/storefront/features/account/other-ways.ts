import { type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

/** Shown by its script alone, where the browser knows passkeys. */
export function passkeyForm({ t }: Visit, hidden: Html): Html {
  const { access } = t.account
  return html`<form method="post" action="${paths.signInPasskey()}" data-passkey="get" data-begin="${paths.signInPasskeyBegin()}" hidden>${hidden}<input type="hidden" name="credential" value="">
<button class="button button-quiet">${access.passkeySignIn}</button>
<p class="field-error" role="alert" data-passkey-failed hidden>${access.passkeyFailed}</p></form>`
}

/** A button for each provider that one may sign in with. */
export async function providerForms({ shop, t }: Visit, hidden: Html): Promise<Html | false> {
  const found = await shop.api.listProviders({})
  if (!found.ok) return false
  return html`${found.data.items.map(({ name }) => html`<form method="post" action="${paths.signInProviderBegin()}">${hidden}<button class="button button-quiet">${t.account.access.providerSignIn(name)}</button></form>`)}`
}
