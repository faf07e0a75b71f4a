import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Bank } from '../bank.ts'
import { type Card, fingerprintOf } from '../cards.ts'
import type { Clock } from '../clock.ts'
import { AMOUNT_MAX, exponentOf } from '../currencies.ts'
import { type HttpRequest, json, type Reply } from '../http.ts'
import type { Payment } from '../model.ts'
import { notFound, ProviderProblem } from '../problem.ts'
import type { Records } from '../records.ts'
import { parse } from '../schemas.ts'
import { actionPage, decidedPage, fieldsPage, hostedFormPage, refusalPage } from './bodies.ts'
import { type CardForm, type CheckedCard, checkCardForm } from './card-form.ts'
import { type BankWords, wordsFor } from './words.ts'

export type PagesDeps = Readonly<{
  bank: Bank
  records: Records
  clock: Clock
  fingerprintKey: Uint8Array
  shopOrigins: readonly string[]
}>

const Digits = z.string().max(64)
const CardBody = z.strictObject({ number: Digits, expiry: Digits, cvc: Digits })

const SCRIPT_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'x-content-type-options': 'nosniff',
}
const LOADER: Reply = {
  status: 200,
  body: readFileSync(new URL('./fields.js', import.meta.url), 'utf8'),
  headers: {
    ...SCRIPT_HEADERS,
    'cache-control': 'public, max-age=300',
    // The shop's page loads it by script tag with `integrity`, which needs CORS.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  },
}
const FIELDS_SCRIPT: Reply = {
  status: 200,
  body: readFileSync(new URL('./fields-page.js', import.meta.url), 'utf8'),
  headers: { ...SCRIPT_HEADERS, 'cache-control': 'no-cache' },
}

/** What a shopper's browser sees: card fields, the full-page card form, the 3-D Secure page. */
export function createPages(deps: PagesDeps): (request: HttpRequest) => Promise<Reply> | Reply {
  return (request) => {
    const { method, segments } = request
    const [, name, id, more] = segments
    if (more !== undefined) throw notFound('route')
    const route = `${method} ${name}`
    if (route === 'GET actions') return showAction(deps, request, id ?? '')
    if (route === 'POST actions') return decideAction(deps, request, id ?? '')
    if (id !== undefined) throw notFound('route')
    if (route === 'GET fields.js') return LOADER
    if (route === 'GET fields-page.js') return FIELDS_SCRIPT
    if (route === 'GET fields') return showFields(deps, request)
    if (route === 'POST tokens') return createToken(deps, request)
    if (route === 'GET hosted-form') return showHostedForm(deps, request)
    if (route === 'POST hosted-form') return submitHostedForm(deps, request)
    throw notFound('route')
  }
}

/** What the shop says of its shopper's language comes before what the browser says. */
function wordsOf({ query, header }: HttpRequest): BankWords {
  return wordsFor(query.get('locale'), header('accept-language'))
}

function showFields({ shopOrigins }: PagesDeps, request: HttpRequest): Reply {
  const words = wordsOf(request)
  const parent = request.query.get('parent') ?? ''
  if (!shopOrigins.includes(parent)) return refusalPage(words, words.wrongFrame)
  return fieldsPage(words, { parent, shopOrigins })
}

function toCard(card: CheckedCard, fingerprintKey: Uint8Array): Card {
  const { number, brand, expiryMonth, expiryYear } = card
  const fingerprint = fingerprintOf(number, fingerprintKey)
  return { brand, last4: number.slice(-4), expiryMonth, expiryYear, fingerprint }
}

function mint({ bank, fingerprintKey }: PagesDeps, checked: CheckedCard): Promise<string> {
  return bank.mintToken({
    card: toCard(checked, fingerprintKey),
    behaviour: checked.behaviour,
  })
}

function readCardJson(request: HttpRequest): CardForm {
  // Only JSON: another origin's form cannot send it without being asked for permission first.
  if (!(request.header('content-type') ?? '').startsWith('application/json')) {
    throw new ProviderProblem(415, 'unsupported_media_type', 'Send application/json.')
  }
  try {
    return parse(CardBody, JSON.parse(request.body))
  } catch {
    // What was sent is not repeated: it may hold a card number in the wrong place.
    const detail = 'Send number, expiry and cvc, each as text.'
    throw new ProviderProblem(400, 'validation_failed', detail)
  }
}

async function createToken(deps: PagesDeps, request: HttpRequest): Promise<Reply> {
  const checked = checkCardForm(readCardJson(request), deps.clock.now(), wordsOf(request))
  if ('errors' in checked) {
    const errors = Object.entries(checked.errors).map(([path, message]) => ({ path, message }))
    throw new ProviderProblem(422, 'card_invalid', 'The card details are not right.', errors)
  }
  const token = await mint(deps, checked.card)
  const { fingerprint: _, ...card } = toCard(checked.card, deps.fingerprintKey)
  return json(201, JSON.stringify({ token, card }))
}

type HostedFormTarget = Readonly<{ amount: number; currency: string; returnUrl: URL }>

/** @returns undefined if it does not name an amount and a page of the shop */
function readTarget(deps: PagesDeps, query: URLSearchParams): HostedFormTarget | undefined {
  const amount = Number(query.get('amount'))
  const currency = query.get('currency') ?? ''
  const returnUrl = query.get('returnUrl') ?? ''
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > AMOUNT_MAX) return undefined
  if (exponentOf(currency) === undefined || !URL.canParse(returnUrl)) return undefined
  const target = new URL(returnUrl)
  return deps.shopOrigins.includes(target.origin)
    ? { amount, currency, returnUrl: target }
    : undefined
}

function showHostedForm(deps: PagesDeps, request: HttpRequest): Reply {
  const words = wordsOf(request)
  const target = readTarget(deps, request.query)
  if (target === undefined) return refusalPage(words, words.wrongForm)
  return hostedFormPage(words, { ...target, expiry: '', errors: {} })
}

async function submitHostedForm(deps: PagesDeps, request: HttpRequest): Promise<Reply> {
  const words = wordsOf(request)
  const target = readTarget(deps, request.query)
  if (target === undefined) return refusalPage(words, words.wrongForm)
  const fields = new URLSearchParams(request.body)
  const expiry = (fields.get('expiry') ?? '').slice(0, 16)
  const checked = checkCardForm(
    { number: fields.get('number') ?? '', expiry, cvc: fields.get('cvc') ?? '' },
    deps.clock.now(),
    words,
  )
  if ('errors' in checked) {
    // Number and CVC are never sent back, so they are typed anew. Nor is an expiry that is none.
    const shown = /^[0-9 /]{0,9}$/.test(expiry) ? expiry : ''
    return hostedFormPage(words, { ...target, expiry: shown, errors: checked.errors })
  }
  const { returnUrl } = target
  returnUrl.searchParams.set('payment_token', await mint(deps, checked.card))
  return redirect(returnUrl)
}

function redirect(target: URL): Reply {
  const headers = {
    location: target.href,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  }
  return { status: 303, body: '', headers }
}

function showAction({ records }: PagesDeps, request: HttpRequest, actionId: string): Reply {
  const words = wordsOf(request)
  const payment = records.action(actionId)?.payment
  if (payment === undefined) return refusalPage(words, words.deadLink, 404)
  return payment.status === 'requires_action'
    ? actionPage(words, payment, actionId)
    : decidedPage(words, payment)
}

async function decideAction(
  deps: PagesDeps,
  request: HttpRequest,
  actionId: string,
): Promise<Reply> {
  const words = wordsOf(request)
  if (deps.records.action(actionId) === undefined) return refusalPage(words, words.deadLink, 404)
  const choice = new URLSearchParams(request.body).get('choice')
  if (choice !== 'approve' && choice !== 'refuse') {
    return refusalPage(words, words.choose)
  }
  const payment = await deps.bank.decideAction({ actionId, approve: choice === 'approve' })
  return leave(words, payment)
}

function leave(words: BankWords, payment: Payment): Reply {
  if (payment.returnUrl === undefined) return decidedPage(words, payment)
  const target = new URL(payment.returnUrl)
  target.searchParams.set('payment_id', payment.id)
  target.searchParams.set('payment_status', payment.status)
  return redirect(target)
}
