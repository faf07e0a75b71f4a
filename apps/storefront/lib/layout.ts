import type { FastifyReply, FastifyRequest } from 'fastify'
import { contentTag } from './assets.ts'
import { asGuest } from './caller.ts'
import { acceptedEncoding, compress, type Encoding } from './compress.ts'
import { setCookie } from './cookies.ts'
import { type Page, renderDocument, styles } from './document.ts'
import { ownFrame } from './frame.ts'
import { cut, fill, type OwnParts } from './own-parts.ts'
import type { Lifetime, SharedPage, Subject } from './page-cache.ts'
import { paths } from './paths.ts'
import { protect } from './security.ts'
import type { Instead, Visit } from './shop.ts'
import { symbolSheet, symbolsOf } from './symbols.ts'

export type { Page } from './document.ts'

/** Sends a whole page: frame, headers, and the drawings that it uses. */
export async function sendPage(visit: Visit, reply: FastifyReply, page: Page): Promise<void> {
  const document = await renderDocument(visit, page)
  const shared = { cut: cut(document), symbols: symbolsOf(document.text), kind: page.kind }
  setHeaders(visit, reply, page)
  await reply.send(fill(shared.cut, ownParts(visit, shared)))
}

export type Shareable = Readonly<{
  page: Page
  /** Ids of the products that are seen on it. */
  shows: readonly string[]
  subject?: Subject
}>

export type Sharing = Readonly<{
  /** The address without what does not change the page; pages of the same one are the same. */
  url: string
  lifetime: Lifetime
  /** Makes the page for a visitor of whom nothing is known but language and market. */
  make(visit: Visit): Promise<Shareable | Instead>
  /** Further parts that are the visitor's own. */
  own?(subject: Subject | undefined): Promise<Pick<OwnParts, 'seen' | 'delivery'>>
  /** Called before the page is sent, for cookies of its own. */
  before?(subject: Subject): void
}>

export type Shared = Readonly<{ subject: Subject | undefined; isKept: boolean }>

/**
 * Sends a page that looks the same to all visitors of one market and language, but for their own
 * parts: from memory, if it is there.
 */
export async function sendShared(
  visit: Visit,
  reply: FastifyReply,
  sharing: Sharing,
): Promise<Shared> {
  const { shop, choice, account } = visit
  const shown = { ...visit, url: sharing.url, cart: undefined, flash: undefined }
  // What is kept for all is asked for in nobody's name.
  const anyone: Visit = account ? { ...shown, account: undefined, visitor: {} } : shown
  const make = () => asGuest(() => makeShared(anyone, sharing))
  const key = `${choice.country} ${choice.currency} ${choice.language} ${sharing.url}`
  const { made, isKept } = await shop.pages.get(key, make)
  if (typeof made === 'function') {
    await made(visit, reply)
    return { subject: undefined, isKept: false }
  }
  if (made.subject) sharing.before?.(made.subject)
  setHeaders(visit, reply, { status: made.status })
  const own = ownParts(visit, made, await sharing.own?.(made.subject))
  await sendForm(visit, reply, { page: made, own })
  return { subject: made.subject, isKept }
}

async function makeShared(visit: Visit, sharing: Sharing): Promise<SharedPage | Instead> {
  // By them products without a picture are drawn; the frame needs them anyway.
  await visit.shop.departments.list()
  const made = await sharing.make(visit)
  if (typeof made === 'function') return made
  const document = await renderDocument(visit, made.page)
  return {
    cut: cut(document),
    kind: made.page.kind,
    symbols: symbolsOf(document.text),
    status: made.page.status ?? 200,
    shows: made.shows,
    subject: made.subject,
    lifetime: sharing.lifetime,
    tag: contentTag(document.text),
    forms: new Map(),
  }
}

function ownParts(
  visit: Visit,
  { symbols, kind }: Pick<SharedPage, 'symbols' | 'kind'>,
  more: OwnParts = {},
): OwnParts {
  const own = { ...ownFrame(visit), ...more }
  const names = [...symbols, ...symbolsOf(ownTexts(own).join(''))]
  return { ...own, symbols: symbolSheet(names), styles: styles(visit, kind) }
}

function ownTexts(own: OwnParts): string[] {
  return Object.values(own).map((part) => (part ? part.text : ''))
}

function setHeaders(
  visit: Visit,
  reply: FastifyReply,
  { status, isPrivate, needs, frame }: Pick<Page, 'status' | 'isPrivate' | 'needs' | 'frame'>,
): void {
  const { shop, hasStyles } = visit
  protect(shop, reply, needs)
  if (!hasStyles) setCookie(shop, reply, { name: 'styles', value: shop.assets.inlineStyles.name })
  reply
    .code(status ?? 200)
    .header('cache-control', isPrivate ? 'private, no-store' : 'private, no-cache')
    .type('text/html; charset=utf-8')
  if (frame !== 'checkout') reply.header('speculation-rules', `"${paths.speculation()}"`)
}

/** Forms of one page that are kept: with no cart, with a thing in it, … */
const MOST_FORMS = 6

async function sendForm(
  { shop, hasStyles, account }: Visit,
  reply: FastifyReply,
  { page, own }: Readonly<{ page: SharedPage; own: OwnParts }>,
): Promise<void> {
  const { request } = reply
  const ownTag = contentTag(
    [hasStyles, shop.assets.inlineStyles.name, ...ownTexts({ ...own, styles: false })].join('\n'),
  )
  const tag = `"${page.tag}${ownTag}"`
  reply.headers({ etag: tag, vary: 'Accept-Encoding, Cookie' })
  if (page.status === 200 && hasTag(request, tag)) {
    await reply.code(304).send()
    return
  }
  const encoding = acceptedEncoding(request)
  const whole = () => fill(page.cut, own)
  const name = `${encoding} ${ownTag}`
  const form = page.forms.get(name) ?? inBytes(whole(), encoding)
  // Those with a name in them would push out the ones that many ask for.
  if (!account && page.forms.size < MOST_FORMS) page.forms.set(name, form)
  if (encoding) reply.header('content-encoding', encoding)
  await reply.send(await form)
}

async function inBytes(text: string, encoding: Encoding): Promise<Buffer> {
  return encoding ? compress(text, encoding) : Buffer.from(text)
}

function hasTag(request: FastifyRequest, tag: string): boolean {
  return String(request.headers['if-none-match'] ?? '').includes(tag)
}
