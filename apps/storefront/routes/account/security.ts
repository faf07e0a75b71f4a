import { type Html, html, raw } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderSVG } from 'uqr'
import { field, notice } from '../../features/account/parts.ts'
import { waysInSections } from '../../features/account/ways-in.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { sendProblem } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { askSelf, confirmSelf } from './confirm-self.ts'
import {
  type Exchange,
  explain,
  keepSignIn,
  onGet,
  onPost,
  sendAccountPage,
  signedIn,
} from './forms.ts'
import { rawText } from './sign-in.ts'

const HERE = paths.account('security')

/** Password, authenticator app, passkeys, providers, and where the account is signed in. */
export function securityRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(
    app,
    shop,
    HERE,
    signedIn((exchange) => showSecurity(exchange)),
  )
  passwordForm(app, shop)
  sessionForm(app, shop)
  totpForms(app, shop)
}

function passwordForm(app: FastifyInstance, shop: Shop): void {
  onPost(
    app,
    shop,
    `${HERE}/password`,
    signedIn(async (exchange) => {
      const { v, request, reply } = exchange
      const changed = await shop.api.changePassword({
        body: {
          currentPassword: rawText(request, 'current'),
          newPassword: rawText(request, 'password'),
        },
      })
      if (!changed.ok) return showSecurity(exchange, explain(v, changed.problem))
      await keepSignIn(exchange, changed.data)
      say(shop, reply, { tone: 'good', text: v.t.account.passwordChanged })
      return seeOther(reply, HERE)
    }),
  )
}

function sessionForm(app: FastifyInstance, shop: Shop): void {
  onPost(
    app,
    shop,
    `${HERE}/sessions`,
    signedIn(async ({ v, form, reply }) => {
      const sessionId = form.text('sessionId')
      if (sessionId) await shop.api.revokeSession({ params: { sessionId } })
      else await shop.api.revokeOtherSessions({})
      say(shop, reply, { tone: 'good', text: v.t.account.sessionsEnded })
      return seeOther(reply, HERE)
    }),
  )
}

function totpForms(app: FastifyInstance, shop: Shop): void {
  onPost(
    app,
    shop,
    `${HERE}/totp`,
    signedIn(async (exchange) => {
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'totp')
      const begun = await shop.api.beginTotp({})
      if (!begun.ok) return showSecurity(exchange, explain(exchange.v, begun.problem))
      return showTotp(exchange, begun.data)
    }),
  )
  onPost(
    app,
    shop,
    `${HERE}/totp-code`,
    signedIn(async ({ form, ...exchange }) => {
      const secret = form.text('secret')
      const confirmed = await shop.api.confirmTotp({ body: { code: form.text('code').padEnd(6) } })
      if (confirmed.ok) return showRecoveryCodes(exchange, confirmed.data.recoveryCodes)
      const uri = `otpauth://totp/Stoa:${encodeURIComponent(exchange.v.account?.email ?? '')}?secret=${secret}&issuer=Stoa`
      return showTotp(exchange, { secret, uri }, explain(exchange.v, confirmed.problem))
    }),
  )
  onPost(
    app,
    shop,
    `${HERE}/totp-remove`,
    signedIn(async (exchange) => {
      const { v, reply } = exchange
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'totp-remove')
      const removed = await shop.api.removeTotp({})
      if (!removed.ok) return showSecurity(exchange, explain(v, removed.problem))
      say(shop, reply, { tone: 'good', text: v.t.account.saved })
      return seeOther(reply, HERE)
    }),
  )
}

export async function showSecurity(exchange: Exchange, wrong?: string): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const found = await shop.api.listSessions({})
  if (!found.ok) return sendProblem(v, reply, found.problem)
  const token = formToken(shop, request, reply)
  const act = (action: string) => paths.accountAction('security', action)
  const main = html`<h1>${a.security}</h1>${notice(wrong)}
<section><h2>${a.changePassword}</h2>${
    v.account?.hasPassword
      ? html`<form method="post" action="${act('password')}">${token}
${field({ name: 'current', label: a.currentPassword, type: 'password', autocomplete: 'current-password' })}
${field({ name: 'password', label: a.newPassword, type: 'password', autocomplete: 'new-password', hint: a.passwordHint })}
<button class="button">${a.changePassword}</button></form>`
      : html`<p class="quiet">${a.access.noPassword}</p><p><a href="${paths.forgot()}">${a.newPassword}</a></p>`
  }</section>
<section><h2>${a.totp}</h2>${
    v.account?.hasTotp
      ? html`<p>${a.totpOn}</p><form method="post" action="${act('totp-remove')}">${token}<button class="button button-quiet">${a.totpRemove}</button></form>`
      : html`<p class="quiet">${a.totpOff}</p><form method="post" action="${act('totp')}">${token}<button class="button button-quiet">${a.totpBegin}</button></form>`
  }</section>
${await waysInSections(v, token)}
<section><h2>${a.sessions}</h2><ul class="rows">${found.data.items.map(
    ({
      id,
      device,
      isCurrent,
      lastSeenAt,
    }) => html`<li><p><strong>${device}</strong>${isCurrent && html` <span class="quiet">· ${a.thisDevice}</span>`}<br><span class="quiet">${a.lastSeen(v.format.moment(lastSeenAt))}</span></p>
${!isCurrent && html`<form method="post" action="${act('sessions')}">${token}<input type="hidden" name="sessionId" value="${id}"><button class="quiet-link" aria-label="${`${a.endSession}: ${device}`}">${a.endSession}</button></form>`}</li>`,
  )}</ul>
${found.data.items.length > 1 && html`<form method="post" action="${act('sessions')}">${token}<p><button class="button button-quiet">${a.endOthers}</button></p></form>`}</section>`
  const status = wrong ? 422 : 200
  return sendAccountPage(exchange, { here: 'security', title: a.security, main, status })
}

async function showTotp(
  exchange: Exchange,
  { secret, uri }: Readonly<{ secret: string; uri: string }>,
  wrong?: string,
): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const drawing: Html = raw(
    renderSVG(uri, { border: 1 }).replace('<svg ', '<svg class="qr" role="img" aria-label="QR" '),
  )
  const main = html`<h1>${a.totp}</h1>${notice(wrong)}<p>${a.totpScan}</p>${drawing}
<p class="quiet">${a.totpSecret} <code>${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
<form method="post" action="${paths.accountAction('security', 'totp-code')}">${formToken(shop, request, reply)}<input type="hidden" name="secret" value="${secret}">
${field({ name: 'code', label: a.code, autocomplete: 'one-time-code', inputmode: 'numeric' })}
<button class="button">${a.confirm}</button></form>`
  const status = wrong ? 422 : 200
  return sendAccountPage(exchange, { here: 'security', title: a.totp, main, status })
}

async function showRecoveryCodes(
  exchange: Exchange,
  codes: readonly string[],
): Promise<FastifyReply> {
  const { account: a } = exchange.v.t
  const main = html`<h1>${a.recoveryTitle}</h1><p>${a.recoveryHelp}</p>
<ul class="recovery-codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<p><a class="button" href="${HERE}">${a.done}</a></p>`
  return sendAccountPage(exchange, { here: 'security', title: a.recoveryTitle, main })
}
