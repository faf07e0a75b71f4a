import type { Transport } from '@stoa/client'
import { type FastifyInstance, fastify } from 'fastify'
import { createFakeTransport } from './fake/transport.ts'
import { createStorefront, type StorefrontOptions } from './index.ts'

const ORIGIN = 'http://shop.test'
export const PROVIDER_ORIGIN = 'http://bank.test'
const NOW = new Date('2026-05-12T10:00:00Z')

export type Answer = Readonly<{
  status: number
  body: string
  location: string
  headers: Readonly<Record<string, unknown>>
}>

/** A browser without JavaScript: it keeps cookies, follows nothing by itself, and posts forms. */
export type Browser = Readonly<{
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  cookies: Map<string, string>
}>

export type TestShop = Readonly<{
  app: FastifyInstance
  browser(): Browser
  close(): Promise<void>
}>

/** The storefront on the made-up shop; `around` may change what the API answers. */
export async function startTestShop(
  options: Partial<StorefrontOptions> = {},
  around: (transport: Transport) => Transport = (transport) => transport,
): Promise<TestShop> {
  const app = fastify()
  let ids = 0
  await app.register(
    createStorefront({
      transport: around(createFakeTransport({ now: () => NOW })),
      publicUrl: ORIGIN,
      providerUrl: PROVIDER_ORIGIN,
      secureCookies: false,
      newId() {
        ids += 1
        return `key-${ids}`
      },
      now: () => NOW,
      log: { warn() {}, error() {} },
      ...options,
    }),
  )
  await app.ready()
  return { app, browser: () => createBrowser(app), close: () => app.close() }
}

function createBrowser(app: FastifyInstance): Browser {
  const cookies = new Map<string, string>()
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    payload?: string,
  ): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await app.inject({
      method,
      url,
      headers: { host: 'shop.test', ...(cookie ? { cookie } : {}), ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
    for (const { name, value, maxAge } of reply.cookies) {
      if (value === '' || maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: reply.statusCode,
      body: reply.body,
      location: String(reply.headers['location'] ?? ''),
      headers: reply.headers,
    }
  }
  return {
    cookies,
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, form, headers = {}) =>
      send(
        'POST',
        path,
        { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(form).toString(),
      ),
  }
}

/** Fields of the first form whose action is this: what the browser would send. */
export function formFields(page: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(page)?.[1]
  if (form === undefined) throw new Error(`No form for ${action}`)
  const fields: Record<string, string> = {}
  for (const [, attributes = ''] of form.matchAll(/<input([^>]*)>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1]
    const isChosen = attribute('type') !== 'radio' || / checked/.test(attributes)
    const name = attribute('name')
    if (name && isChosen) fields[name] = decode(attribute('value') ?? '')
  }
  return fields
}

function decode(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

export const ADDRESS = {
  email: 'anna@example.com',
  country: 'US',
  name: 'Anna Example',
  line1: '5 Main Street',
  line2: '',
  city: 'Austin',
  region: 'TX',
  postalCode: '73301',
  phone: '',
}

/** Puts the first result of a search into the cart. */
export async function addFirst(browser: Browser, words: string): Promise<Answer> {
  const results = await browser.get(`/search?q=${words}&inStock=true`)
  return browser.post('/cart/add', formFields(results.body, '/cart/add'))
}

/** As far as the payment part, whose page is given back. */
export async function reachPayment(browser: Browser): Promise<Answer> {
  await addFirst(browser, 'coffee')
  await browser.post('/checkout/address', ADDRESS)
  await browser.post('/checkout/shipping', { shippingOptionId: 'standard' })
  return browser.get('/checkout')
}
