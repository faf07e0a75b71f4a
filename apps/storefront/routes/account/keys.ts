import type { Account, ApiKey } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { sendNotFound, sendProblem } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { askSelf, confirmSelf } from './confirm-self.ts'
import { type Exchange, explain, onGet, onPost, sendAccountPage, signedIn } from './forms.ts'

const HERE = paths.account('keys')
const DAYS = [30, 90, 365] as const

type Own = Exchange & Readonly<{ account: Account }>

/** Keys for programs: for operators who may make them. */
export function keysRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, HERE, signedIn<unknown>(ifAllowed((exchange) => showKeys(exchange))))

  onPost(
    app,
    shop,
    `${HERE}/create`,
    signedIn<unknown>(
      ifAllowed(async (exchange) => {
        const { v, request } = exchange
        const typed = (request.body ?? {}) as Readonly<Record<string, unknown>>
        const name = textOf(typed['name'])
        const scopes = [typed['scopes']].flat().filter((one) => typeof one === 'string')
        const days = Number(textOf(typed['days'])) || 365
        if (name === '' || scopes.length === 0) return showKeys(exchange, v.t.account.checkFields)
        const body = { name, scopes: scopes as ApiKey['scopes'], expiresInDays: days }
        const made = await shop.api.createApiKey({ body })
        if (made.ok) return showNewKey(exchange, made.data.key)
        if (made.problem.code === 'identity.reauthentication_required')
          return askSelf(exchange, 'confirmed')
        return showKeys(exchange, explain(v, made.problem))
      }),
    ),
  )

  onPost(
    app,
    shop,
    `${HERE}/confirmed`,
    signedIn(async (exchange) => {
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'confirmed')
      return seeOther(exchange.reply, HERE)
    }),
  )

  onPost(
    app,
    shop,
    `${HERE}/revoke`,
    signedIn<unknown>(
      ifAllowed(async ({ v, request, reply }) => {
        const { keyId } = request.body as { keyId?: unknown }
        await shop.api.revokeApiKey({ params: { keyId: textOf(keyId) } })
        say(shop, reply, { tone: 'good', text: v.t.account.access.keyRevoked })
        return seeOther(reply, HERE)
      }),
    ),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 60) : ''
}

function ifAllowed(handle: (exchange: Own) => Promise<FastifyReply>) {
  return async (exchange: Own): Promise<FastifyReply> => {
    if (exchange.account.permissions.includes('keys.write')) return handle(exchange)
    return sendNotFound(exchange.v, exchange.reply)
  }
}

async function showKeys(exchange: Own, wrong?: string): Promise<FastifyReply> {
  const { v, shop, request, reply, account } = exchange
  const { access } = v.t.account
  const found = await shop.api.listApiKeys({})
  if (!found.ok) return sendProblem(v, reply, found.problem)
  const token = formToken(shop, request, reply)
  const scope = (word: string) =>
    html`<label class="check"><input type="checkbox" name="scopes" value="${word}"> <code>${word}</code></label>`
  const main = html`<h1>${access.keys}</h1>${notice(wrong)}<p class="quiet">${access.keysHelp}</p>
<section>${found.data.items.length === 0 ? html`<p class="quiet">${access.noKeys}</p>` : html`<ul class="rows">${found.data.items.map((key) => row(exchange, key, token))}</ul>`}</section>
<section><h2>${access.keyCreate}</h2><form method="post" action="${paths.accountAction('keys', 'create')}">${token}
${field({ name: 'name', label: access.keyName, autocomplete: 'off' })}
<fieldset><legend>${access.keyScopes}</legend>${account.permissions.map(scope)}</fieldset>
<div class="field"><label for="days">${access.keyDays}</label><select id="days" name="days">${DAYS.map((days) => html`<option value="${String(days)}"${attrs({ selected: days === 365 })}>${v.format.number(days)}</option>`)}</select></div>
<button class="button">${access.keyCreate}</button></form></section>`
  const status = wrong ? 422 : 200
  return sendAccountPage(exchange, { here: 'keys', title: access.keys, main, status })
}

function row({ v }: Exchange, key: ApiKey, token: Html): Html {
  const { account: a } = v.t
  const { id, name, start, ownerName, scopes, expiresAt, lastUsedAt } = key
  const used = lastUsedAt === null ? a.access.neverUsed : a.lastSeen(v.format.moment(lastUsedAt))
  const ends = expiresAt === null ? '' : ` · ${a.access.endsAt(v.format.date(expiresAt))}`
  return html`<li><p><strong>${name}</strong> <code>${start}…</code><br><span class="quiet">${ownerName} · ${scopes.join(', ')}<br>${used}${ends}</span></p>
<form method="post" action="${paths.accountAction('keys', 'revoke')}">${token}<input type="hidden" name="keyId" value="${id}"><button class="quiet-link" aria-label="${`${a.access.keyRevoke}: ${name}`}">${a.access.keyRevoke}</button></form></li>`
}

async function showNewKey(exchange: Exchange, key: string): Promise<FastifyReply> {
  const { account: a } = exchange.v.t
  const main = html`<h1>${a.access.keyMade}</h1><p>${a.access.keyMadeHelp}</p>
<p><input class="key-shown" readonly value="${key}" aria-label="${a.access.keyMade}"></p><p><a class="button" href="${HERE}">${a.done}</a></p>`
  return sendAccountPage(exchange, { here: 'keys', title: a.access.keyMade, main })
}
