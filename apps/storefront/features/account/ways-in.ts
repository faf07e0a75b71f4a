import { type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

const act = (action: string) => paths.accountAction('security', action)

/** The account's passkeys and connected providers, for the page on security. */
export async function waysInSections(v: Visit, token: Html): Promise<Html> {
  const { shop, t } = v
  const { account: a } = t
  const { access } = a
  const [passkeys, logins, providers] = await Promise.all([
    shop.api.listPasskeys({}),
    shop.api.listProviderLogins({}),
    shop.api.listProviders({}),
  ])
  const when = (moment: string | null) =>
    moment === null ? access.neverUsed : a.lastSeen(v.format.moment(moment))
  const remove = (action: string, name: string, id: string, label: string) =>
    html`<form method="post" action="${act(action)}">${token}<input type="hidden" name="${name}" value="${id}"><button class="quiet-link" aria-label="${`${a.remove}: ${label}`}">${a.remove}</button></form>`
  const keys = passkeys.ok ? passkeys.data.items : []
  const connected = logins.ok ? logins.data.items : []
  const provider = providers.ok ? providers.data.items[0] : undefined
  return html`<section><h2>${access.passkeys}</h2><p class="quiet">${access.passkeysHelp}</p>
${
  keys.length > 0 &&
  html`<ul class="rows">${keys.map(
    ({
      id,
      name,
      isSynced,
      lastUsedAt,
    }) => html`<li><p><strong>${name}</strong>${isSynced && html` <span class="quiet">· ${access.synced}</span>`}<br><span class="quiet">${when(lastUsedAt)}</span></p>${remove('passkey-remove', 'passkeyId', id, name)}
<details><summary>${access.rename}</summary><form method="post" action="${act('passkey-name')}">${token}<input type="hidden" name="passkeyId" value="${id}"><input name="name" value="${name}" maxlength="60" required aria-label="${access.passkeyName}"><button class="button button-quiet">${v.t.save}</button></form></details></li>`,
  )}</ul>`
}
<form method="post" action="${act('passkey')}">${token}<button class="button button-quiet">${access.passkeyAdd}</button></form></section>
${
  (provider || connected.length > 0) &&
  html`<section><h2>${access.providers}</h2>
${connected.length > 0 && html`<ul class="rows">${connected.map(({ id, name, createdAt }) => html`<li><p><strong>${name}</strong><br><span class="quiet">${access.connectedSince(v.format.date(createdAt))}</span></p>${remove('provider-remove', 'providerLoginId', id, name)}</li>`)}</ul>`}
${provider && connected.length === 0 && html`<form method="post" action="${act('provider')}">${token}<button class="button button-quiet">${access.connect(provider.name)}</button></form>`}</section>`
}`
}
