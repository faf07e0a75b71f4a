import type { OperationName, Operations, Transport, TransportRequest } from '@stoa/client'
import {
  addLine,
  createCart,
  getCart,
  openCart,
  promiseDelivery,
  quoteCart,
  viewCart,
} from './carts.ts'
import {
  categoryNodes,
  categoryTrail,
  inCurrency,
  PRODUCTS,
  RATES,
  summaryOf,
} from './catalogue.ts'
import { cancelOrder, getOrder, placeOrder } from './orders.ts'
import { requestReturn, returnsOf, stepReturn } from './returns.ts'
import { search, suggest } from './search.ts'
import { isWishOperation, performWish } from './wishlists.ts'
import { createWorld, FakeRefusal, type World } from './world.ts'

type Reply<Name extends OperationName> = Operations[Name]['reply']
type Answer = Readonly<{ status: number; data: unknown }>

const ok = <Name extends OperationName>(_name: Name, data: Reply<Name>, status = 200): Answer => ({
  status,
  data,
})

/** A made-up shop behind the client's transport: deterministic, in memory, for tests and for looking. */
export function createFakeTransport({ now }: Readonly<{ now: () => Date }>): Transport {
  const world = createWorld(now)
  return async (request) => {
    const key = request.headers['idempotency-key']
    const known = key === undefined ? undefined : world.answers.get(`${request.operation} ${key}`)
    if (known) return { ...known, headers: {} }
    const answer = answerOf(world, request)
    if (key !== undefined) world.answers.set(`${request.operation} ${key}`, answer)
    return { ...answer, headers: {} }
  }
}

function answerOf(world: World, request: TransportRequest) {
  try {
    const { status, data } = perform(world, request)
    return { status, body: JSON.stringify(data) }
  } catch (error) {
    if (!(error instanceof FakeRefusal)) throw error
    const { status, code, facts } = error
    return {
      status,
      body: JSON.stringify({ type: 'about:blank', title: code, status, code, ...facts }),
    }
  }
}

function perform(world: World, request: TransportRequest): Answer {
  if (isWishOperation(request.operation)) return performWish(world, request)
  const { operation, params, query } = request
  const body = request.body === undefined ? undefined : JSON.parse(request.body)
  const cartId = params['cartId'] ?? ''
  const orderId = params['orderId'] ?? ''
  switch (operation) {
    case 'listMarkets':
      return ok('listMarkets', {
        items: [
          { country: 'US', currency: 'USD', taxIncluded: false },
          { country: 'DE', currency: 'EUR', taxIncluded: true },
          { country: 'GB', currency: 'GBP', taxIncluded: true },
          { country: 'JP', currency: 'JPY', taxIncluded: true },
        ],
        currencies: Object.keys(RATES),
        ratesAsOf: '2026-04-13',
        nextCursor: null,
      })
    case 'search':
      return ok('search', search(query))
    case 'suggest':
      return ok('suggest', suggest(query))
    case 'promiseDelivery':
      return ok('promiseDelivery', promiseDelivery(world, query))
    case 'endOfferMails':
      if (body.token !== 'acc_1.signed') throw new FakeRefusal(404, 'not_found')
      return ok('endOfferMails', undefined, 204)
    case 'recordSearchEvents':
      return ok('recordSearchEvents', { accepted: body.events.length }, 202)
    case 'listSitemap':
      return ok('listSitemap', {
        items: [{ part: 1, lastModified: LAST_CHANGE }],
        nextCursor: null,
      })
    case 'listSitemapPart':
      return ok('listSitemapPart', sitemapPart(params['part'] ?? '', String(query['cursor'] ?? '')))
    case 'createCart':
      return ok('createCart', createCart(world, body), 201)
    case 'getCart':
      return ok('getCart', viewCart(getCart(world, cartId)))
    case 'addCartLine':
      return ok('addCartLine', addLine(world, cartId, body))
    case 'changeCartLine':
    case 'removeCartLine':
      return ok('changeCartLine', changeLine(world, params, body?.quantity ?? 0))
    case 'addCoupon':
    case 'removeCoupon':
      return ok('addCoupon', changeCoupon(world, params, operation === 'addCoupon'))
    case 'quoteCart':
      return ok('quoteCart', quoteCart(world, cartId, body))
    case 'placeOrder':
      return placeOrder(world, body)
    case 'getOrder':
      return ok('getOrder', getOrder(world, orderId))
    case 'getTracking':
      return ok('getTracking', { items: getOrder(world, orderId).shipments, nextCursor: null })
    case 'cancelOrder':
      return ok('cancelOrder', cancelOrder(world, orderId, body?.lines))
    case 'listReturnsOfOrder':
      return ok('listReturnsOfOrder', { items: returnsOf(world, orderId), nextCursor: null })
    case 'requestReturn':
      return ok('requestReturn', requestReturn(world, orderId, body), 201)
    case 'sendReturn':
    case 'cancelReturn':
      return ok('sendReturn', stepReturn(world, params, operation))
    default:
      return browse(request)
  }
}

function browse({ operation, params, query }: TransportRequest): Answer {
  const currency = String(query['currency'] ?? 'USD')
  if (operation === 'getProduct') {
    const name = params['id'] ?? ''
    // An old address of a product: the last part of a slug is what identifies it.
    const place = /-(\d+)$/.exec(name)?.[1]
    const found = PRODUCTS.find(
      ({ product }) => product.id === name || product.slug.endsWith(`-${place}`),
    )
    if (!found) throw new FakeRefusal(404, 'not_found')
    return ok('getProduct', { ...inCurrency(found.product, currency), currency })
  }
  if (operation === 'listProducts') {
    const ids = String(query['ids']).split(',')
    const items = ids.flatMap((id) => {
      const found = PRODUCTS.find(({ product }) => product.id === id)
      return found ? [summaryOf(inCurrency(found.product, currency))] : []
    })
    return ok('listProducts', { items, nextCursor: null })
  }
  if (operation === 'listCategories')
    return ok('listCategories', { items: categoryNodes(), nextCursor: null })
  if (operation === 'getCategory') {
    const slug = params['idOrSlug'] ?? ''
    const count = PRODUCTS.filter(({ product }) =>
      product.categories.some((category) => category.slug === slug),
    ).length
    if (count === 0) throw new FakeRefusal(404, 'not_found')
    const breadcrumbs = categoryTrail(slug)
    const here = breadcrumbs.at(-1)!
    return ok('getCategory', {
      ...here,
      productCount: count,
      breadcrumbs,
      children: categoryNodes(slug),
    })
  }
  throw new FakeRefusal(404, 'not_found')
}

const LAST_CHANGE = '2026-04-13T10:00:00.000Z'

/** Two pages, so that reading on is seen. */
function sitemapPart(part: string, cursor: string) {
  if (part !== '1') throw new FakeRefusal(404, 'not_found')
  const all = PRODUCTS.map(({ product: { slug } }) => ({ slug, lastModified: LAST_CHANGE }))
  const half = Math.ceil(all.length / 2)
  return cursor
    ? { items: all.slice(half), nextCursor: null }
    : { items: all.slice(0, half), nextCursor: 'half' }
}

function changeLine(world: World, params: Readonly<Record<string, string>>, quantity: number) {
  const cart = openCart(world, params['cartId'] ?? '')
  const line = cart.lines.find(({ id }) => id === params['lineId'])
  if (line) line.quantity = quantity
  cart.lines = cart.lines.filter((known) => known.quantity > 0)
  return viewCart(cart)
}

function changeCoupon(world: World, params: Readonly<Record<string, string>>, isAdded: boolean) {
  const cart = openCart(world, params['cartId'] ?? '')
  const code = params['code'] ?? ''
  if (isAdded && code !== 'TEN') throw new FakeRefusal(422, 'cart.coupon_unknown')
  cart.coupons = isAdded ? [code] : cart.coupons.filter((known) => known !== code)
  return viewCart(cart)
}
