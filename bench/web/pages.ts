import type { BrowserContext } from 'playwright-core'

export type PageName = 'home' | 'category' | 'search' | 'product' | 'cart' | 'checkout'

/** The pages that are measured, each with what a visitor does there first. */
export type MeasuredPage = Readonly<{
  name: PageName
  path: string
  /** Needs a cart, and is nothing for search engines. */
  isOwn: boolean
  isListed: boolean
  /** What is pressed to see how soon the page answers. */
  press: string
}>

const SEARCH = '/search?q=laptop'
const SUMMARY = '.sheet > summary'

/** Products are found by searching, so that any shop will do. */
export async function measuredPages(url: string): Promise<readonly MeasuredPage[]> {
  const [product] = await productPaths(url, SEARCH)
  if (!product) throw new Error(`${url}${SEARCH} finds nothing: the demo catalogue is not there`)
  const shared = { isOwn: false, isListed: true }
  return [
    { name: 'home', path: '/', ...shared, press: '.market > summary' },
    { name: 'category', path: '/c/electronics', ...shared, press: SUMMARY },
    { name: 'search', path: SEARCH, ...shared, isListed: false, press: SUMMARY },
    { name: 'product', path: product, ...shared, press: '.buy-bar button' },
    { name: 'cart', path: '/cart', isOwn: true, isListed: false, press: 'select, input' },
    { name: 'checkout', path: '/checkout', isOwn: true, isListed: false, press: '#name' },
  ]
}

/** Addresses of the products of a page of results that can be bought. */
export async function productPaths(url: string, path: string): Promise<string[]> {
  const page = await fetch(url + path).then((reply) => reply.text())
  const tiles = page.split('<li class="tile">').slice(1)
  return tiles
    .filter((tile) => tile.includes('quick-add') && !tile.includes('stock-few'))
    .map((tile) => /href="(\/p\/[^"?]+)/.exec(tile)?.[1] ?? '')
    .filter(Boolean)
}

/** Puts a product into a cart, as its page's button does. @returns cookies of a browser that did. */
export async function cookiesWithCart(url: string, productPath: string): Promise<string> {
  const page = await fetch(url + productPath)
  const [, form = ''] = /<form id="buy"([\s\S]*?)<\/form>/.exec(await page.text()) ?? []
  const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value],
  )
  const added = await fetch(`${url}/cart/add`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
    redirect: 'manual',
  })
  const cookies = added.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  const cart = cookies.find((cookie) => cookie.startsWith('cart='))
  if (!cart) throw new Error(`${productPath} cannot be put into a cart`)
  return cart
}

/** The same cart in a browser. */
export async function carry(context: BrowserContext, url: string, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
}
