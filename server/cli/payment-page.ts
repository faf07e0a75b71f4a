import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  changesOf,
  type PaymentPage,
  type ServedPage,
} from '../../apps/storefront/lib/payment-page.ts'
import { type Command, CommandError, print } from './command.ts'

const LIST = join(import.meta.dirname, '../../apps/storefront/payment-page.json')

export const paymentPage: Command = {
  name: 'payment-page',
  summary: 'Compares the checkout page that a shop serves with the list of its scripts',
  usage: 'stoa payment-page --url URL [--provider ORIGIN] [--list FILE]',
  help: [
    'For a timer, once a week at least (PCI DSS 4.0.1, 11.6.1): it puts one product into a cart as a shopper would, reads',
    'the checkout page, its headers and its scripts, and says what is not as it was looked at (6.4.3).',
    '\n  --url URL           the shop, as shoppers reach it',
    '  --provider ORIGIN   origin of the card fields, such as https://js.stripe.com; none if absent',
    '  --list FILE         the list; apps/storefront/payment-page.json if absent',
    '\nExit code 0: all is as in the list; 2: something was changed, and what.',
  ].join('\n'),
  options: { url: { type: 'string' }, provider: { type: 'string' }, list: { type: 'string' } },
  async run({ url, provider, list = LIST }) {
    if (typeof url !== 'string' || !URL.canParse(url))
      throw new CommandError('Say which shop: --url https://shop.example.')
    const expected = JSON.parse(readFileSync(String(list), 'utf8')) as PaymentPage
    const browser = createBrowser(url)
    const changes = await changesOf(expected, await openCheckout(browser), {
      provider: typeof provider === 'string' ? new URL(provider).origin : null,
      bytesOf: async (address) => new Uint8Array(await (await browser.get(address)).arrayBuffer()),
    })
    for (const change of changes) print(`  CHANGED  ${change}`)
    print(
      changes.length === 0
        ? 'The payment page is as in the list.'
        : 'The payment page was changed.',
    )
    return changes.length === 0 ? 0 : 2
  },
}

type Browser = Readonly<{
  get(path: string): Promise<Response>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Response>
}>

/** Keeps cookies, and sends forms as a page of the shop does. */
function createBrowser(url: string): Browser {
  const { origin } = new URL(url)
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await fetch(new URL(path, url), {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), origin, ...init.headers },
    }).catch((error: unknown) => {
      throw new CommandError(`The shop ${url} does not answer: ${String(error)}.`)
    })
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return reply
  }
  return {
    get: (path) => send(path),
    post: (path, form) => send(path, { method: 'POST', body: new URLSearchParams(form) }),
  }
}

const FORM = /<form[^>]*action="\/cart\/add"[^>]*>([\s\S]*?)<\/form>/

async function openCheckout(browser: Browser): Promise<ServedPage> {
  const results = await (await browser.get('/search?inStock=true')).text()
  const form = FORM.exec(results)?.[1]
  if (form === undefined) throw new CommandError('The shop shows no product that can be bought.')
  const fields = [...form.matchAll(/<input([^>]*)>/g)].map(([, text = '']) => [
    / name="([^"]*)"/.exec(text)?.[1] ?? '',
    / value="([^"]*)"/.exec(text)?.[1] ?? '',
  ])
  await browser.post('/cart/add', Object.fromEntries(fields))
  const page = await browser.get('/checkout')
  if (page.status !== 200)
    throw new CommandError(`The shop answers its checkout page with ${page.status}.`)
  return { html: await page.text(), headers: Object.fromEntries(page.headers) }
}
