import { type Change, drop, dropAll, enqueue, first } from './queue.ts'
import {
  asSeen,
  changesCart,
  changesPerson,
  forgetsAfter,
  isSettled,
  keptAs,
  mayKeep,
} from './rules.ts'

// The shop without a connection: its files, the pages that were seen, and changes of the cart that
// wait. The server puts SHOP before this program: another shop is another program, whose caches
// take the place of these.

type Extendable = Event & Readonly<{ waitUntil(work: Promise<unknown>): void }>
type FetchEvent = Extendable &
  Readonly<{
    request: Request
    preloadResponse: Promise<Response | undefined>
    respondWith(reply: Response | Promise<Response>): void
  }>
type Client = Readonly<{ id: string; postMessage(message: unknown): void }>
type Told = Extendable &
  Readonly<{ data: Readonly<{ kind: string; language?: string }>; source: Client }>
type Worker = Readonly<{
  SHOP: Readonly<{ version: string; files: readonly string[]; offline: string }>
  location: Location
  registration: ServiceWorkerRegistration &
    Readonly<{
      navigationPreload?: Readonly<{ enable(): Promise<void> }>
      sync?: Readonly<{ register(tag: string): Promise<void> }>
    }>
  clients: Readonly<{
    claim(): Promise<void>
    matchAll(): Promise<readonly Client[]>
    openWindow(address: string): Promise<unknown>
  }>
  skipWaiting(): Promise<void>
  addEventListener<E extends Event>(name: string, listener: (event: E) => void): void
}>

const worker = self as unknown as Worker
const { SHOP } = worker
const FILES = `files ${SHOP.version}`
const SEEN = `seen ${SHOP.version}`
const PICTURES = `pictures ${SHOP.version}`

const MOST_PAGES = 60
const MOST_PICTURES = 150
/** How long a page that is here anyway waits for a newer one. */
const PATIENCE_MS = 5_000
const CART_SYNC = 'cart'

worker.addEventListener<Extendable>('install', (event) => {
  event.waitUntil(install())
})
worker.addEventListener<Extendable>('activate', (event) => {
  event.waitUntil(activate())
})
worker.addEventListener<FetchEvent>('fetch', answer)
worker.addEventListener<Extendable & Readonly<{ tag: string }>>('sync', (event) => {
  if (event.tag === CART_SYNC) event.waitUntil(sendOrFail())
})
worker.addEventListener<Told>('message', (event) => {
  const { kind, language } = event.data
  if (kind === 'here' && language) {
    listening.add(event.source.id)
    event.waitUntil(Promise.all([keepOfflinePage(language), tellOfSent()]))
  }
  if (kind === 'online') event.waitUntil(sendWaiting())
})

type Notice = Readonly<{ title: string; body: string; url: string; tag: string; language: string }>
type PushEvent = Extendable & Readonly<{ data: Readonly<{ json(): unknown }> | null }>

worker.addEventListener<PushEvent>('push', (event) => {
  const notice = event.data?.json() as Notice | undefined
  if (notice) event.waitUntil(notify(notice))
})
worker.addEventListener<Extendable & Readonly<{ notification: Notification }>>(
  'notificationclick',
  (event) => {
    event.notification.close()
    event.waitUntil(worker.clients.openWindow(String(event.notification.data)))
  },
)

/** Two messages of one tag are one notice. It opens a page of this shop, and no other. */
async function notify({ title, body, url, tag, language }: Notice): Promise<void> {
  await worker.registration.showNotification(title, {
    body,
    tag,
    lang: language,
    dir: language === 'ar' ? 'rtl' : 'ltr',
    icon: '/icons/app-192.png',
    badge: '/icons/badge-96.png',
    data: new URL(url, worker.location.origin).pathname,
  })
}

async function install(): Promise<void> {
  const files = await caches.open(FILES)
  await files.addAll([...SHOP.files])
  await keepOfflinePage('en')
  await worker.skipWaiting()
}

async function activate(): Promise<void> {
  const current = new Set([FILES, SEEN, PICTURES])
  const old = (await caches.keys()).filter((name) => !current.has(name))
  await Promise.all(old.map((name) => caches.delete(name)))
  await worker.registration.navigationPreload?.enable()
  await worker.clients.claim()
}

/** The page for what is not here, in the words of whoever looks; asked for without cookies. */
async function keepOfflinePage(language: string): Promise<void> {
  const files = await caches.open(FILES)
  const known = await files.match(SHOP.offline)
  if (known?.headers.get('content-language') === language) return
  const response = await fetch(`${SHOP.offline}?lang=${language}`, { credentials: 'omit' })
  if (response.ok) await files.put(SHOP.offline, response)
}

function answer(event: FetchEvent): void {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== worker.location.origin) return
  if (request.method === 'POST') {
    if (changesCart(pathname)) event.respondWith(changeCart(event, pathname))
    if (forgetsAfter(pathname)) event.waitUntil(forget(changesPerson(pathname)))
    return
  }
  if (request.method !== 'GET') return
  if (pathname.startsWith('/assets/')) event.respondWith(fromCache(event, FILES))
  else if (pathname.startsWith('/media/')) event.respondWith(fromCache(event, PICTURES))
  else if (request.mode === 'navigate') event.respondWith(openPage(event))
}

async function forget(isAnotherPerson: boolean): Promise<void> {
  await caches.delete(SEEN)
  if (isAnotherPerson) await dropAll()
}

/** What never changes under its address. */
async function fromCache(event: FetchEvent, name: string): Promise<Response> {
  const cache = await caches.open(name)
  const known = await cache.match(event.request)
  if (known) return known
  const response = await fetch(event.request)
  if (response.ok)
    event.waitUntil(cache.put(event.request, response.clone()).then(() => thin(name)))
  return response
}

/** Takes away what was kept first. */
async function thin(name: string): Promise<void> {
  if (name === FILES) return
  const cache = await caches.open(name)
  const all = await cache.keys()
  const most = name === SEEN ? MOST_PAGES : MOST_PICTURES
  for (const oldest of all.slice(0, Math.max(0, all.length - most))) await cache.delete(oldest)
}

async function openPage(event: FetchEvent): Promise<Response> {
  const address = keptAs(event.request.url)
  const { pathname } = new URL(event.request.url)
  const kept = mayKeep(pathname) ? await seenPage(address) : undefined
  try {
    const fresh = reach(event)
    const response = await (kept ? Promise.race([fresh, patience()]) : fresh)
    const type = response.headers.get('content-type') ?? ''
    if (mayKeep(pathname) && response.ok && type.startsWith('text/html'))
      event.waitUntil(keepPage(address, response.clone()))
    event.waitUntil(sendWaiting())
    return response
  } catch {
    return kept ?? (await offlinePage())
  }
}

async function reach(event: FetchEvent): Promise<Response> {
  return (await event.preloadResponse) ?? (await fetch(event.request))
}

function patience(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(reject, PATIENCE_MS))
}

async function seenPage(address: string): Promise<Response | undefined> {
  return (await caches.open(SEEN)).match(address)
}

async function offlinePage(): Promise<Response> {
  const page = await (await caches.open(FILES)).match(SHOP.offline)
  return page ?? Response.error()
}

async function keepPage(address: string, response: Response): Promise<void> {
  const page = asSeen(await response.text(), new Date().toISOString())
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name)
  const cache = await caches.open(SEEN)
  // Deleted first, so that it is the youngest.
  await cache.delete(address)
  await cache.put(address, new Response(page, { headers }))
  await thin(SEEN)
}

/** Sends a change of the cart, or keeps it until it can be sent; changes stay in their order. */
async function changeCart(event: FetchEvent, path: string): Promise<Response> {
  const { request } = event
  const isIsland = request.headers.get('accept') === 'application/json'
  const change = { key: crypto.randomUUID(), path, body: await request.text() }
  if (await sendWaiting()) {
    const response = await post(change, isIsland ? 'application/json' : 'text/html').catch(() => {})
    if (response) return response
  }
  await enqueue(change)
  // The answer does not wait for it: where the browser has none, the next page sends.
  const sync = worker.registration.sync?.register(CART_SYNC).catch(() => {})
  if (sync) event.waitUntil(sync)
  if (isIsland) return Response.json({ isQueued: true })
  return Response.redirect('/cart', 303)
}

function post({ key, path, body }: Change, accept: string): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    },
    body,
    redirect: 'manual',
  })
}

/** Pages that have said that they listen. */
const listening = new Set<string>()
let isUntold = false

/** Tells those who listen that their cart is of now; who is still loading is told when he says so. */
async function tellOfSent(): Promise<void> {
  if (!isUntold) return
  for (const client of await worker.clients.matchAll()) {
    if (!listening.has(client.id)) continue
    client.postMessage('sent')
    isUntold = false
  }
}

let sending: Promise<boolean> | undefined

/** Sends what waits, the oldest first. @returns whether nothing waits any more. */
function sendWaiting(): Promise<boolean> {
  sending ??= sendAll().finally(() => {
    sending = undefined
  })
  return sending
}

/** The browser tries again later what fails. */
async function sendOrFail(): Promise<void> {
  if (!(await sendWaiting())) throw new Error('The shop cannot be reached')
}

async function sendAll(): Promise<boolean> {
  let sent = 0
  for (let next = await first(); next; next = await first()) {
    const response = await post(next.change, 'text/html').catch(() => {})
    if (!response || !isSettled(response.status)) return false
    await drop(next.place)
    sent += 1
  }
  if (sent > 0) isUntold = true
  await tellOfSent()
  return true
}
