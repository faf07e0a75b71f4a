import type { Cart, Wishlist } from '@stoa/client'
import { html } from '@stoa/html'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MAX_QUANTITY } from '../../../contracts/cart/schemas.ts'
import { cartDrawer } from '../features/cart/drawer.ts'
import { addToCart, type CartResult, keepCart, openCart } from '../features/cart/session.ts'
import { cartBody } from '../features/cart/view.ts'
import { tellOf } from '../features/search/following.ts'
import { ORIGIN, readOrigin } from '../features/search/origin.ts'
import { listFor, listsOf, type WishExchange } from '../features/wishlists/session.ts'
import { laterPart } from '../features/wishlists/view.ts'
import { readCart, say } from '../lib/cookies.ts'
import { shortened } from '../lib/format.ts'
import { cameFrom, readForm, seeOther, wantsJson } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { localPath, paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** The cart page, and the forms that change the cart. */
export function cartRoutes(app: FastifyInstance, shop: Shop): void {
  app.get('/cart', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const opened = await openCart({ visit: v, request, reply })
    if (opened && !opened.ok) return sendProblem(v, reply, opened.problem)
    const shown = opened ? { ...v, cart: { id: opened.data.id, count: opened.data.itemCount } } : v
    await sendPage(shown, reply, {
      title: `${v.t.cartTitle} · ${v.t.shopName}`,
      kind: 'cart',
      isPrivate: true,
      scripts: ['islands/follow.ts'],
      main: html`${cartBody(shown, opened?.data)}${laterPart(v, await laterOf({ visit: v, request, reply }))}`,
    })
    return reply
  })

  app.get(paths.cartDrawer(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const opened = await openCart({ visit: v, request, reply })
    if (opened && !opened.ok) return reply.code(502).send()
    return reply
      .header('cache-control', 'private, no-store')
      .type('text/html; charset=utf-8')
      .send(cartDrawer(v, opened?.data).text)
  })

  app.post('/cart/add', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const wanted = {
      variantId: form.text('variantId'),
      offerId: form.text('offerId') || undefined,
      quantity: Math.max(1, form.count('quantity', 1, MAX_QUANTITY)),
      key: keyOf(request),
    }
    const added = await addToCart({ visit: v, request, reply }, wanted)
    if (added.ok) tellOfCart(v, added.data, { ...wanted, origin: form.text(ORIGIN) })
    const text = added.ok ? v.t.added(nameOf(added.data, wanted)) : refusal(v, added)
    if (wantsJson(request)) {
      const count = added.ok ? added.data.itemCount : null
      const label = added.ok ? v.t.cartWith(added.data.itemCount) : ''
      return reply.code(added.ok ? 200 : 422).send({
        ok: added.ok,
        text,
        count,
        label,
        cart: { href: paths.cart(), text: v.t.viewCart },
      })
    }
    say(shop, reply, { tone: added.ok ? 'good' : 'bad', text })
    return seeOther(reply, added.ok ? paths.cart() : cameFrom(request))
  })

  app.post('/cart/line', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const cart = readCart(request)
    if (!cart) return seeOther(reply, paths.cart())
    const form = readForm(request)
    const params = { cartId: cart.id, lineId: form.text('lineId') }
    const quantity = form.text('remove') ? 0 : form.count('quantity', 1, MAX_QUANTITY)
    const changed: CartResult =
      quantity === 0
        ? await shop.api.removeCartLine({ params })
        : await shop.api.changeCartLine({ params, body: { quantity } })
    if (changed.ok) keepCart({ visit: v, request, reply }, changed.data)
    else say(shop, reply, { tone: 'bad', text: refusal(v, changed) })
    return seeOther(reply, paths.cart())
  })

  couponRoute(app, shop)
  laterRoute(app, shop)
}

/** What was put aside; undefined if nothing ever was. */
async function laterOf(exchange: WishExchange): Promise<Wishlist | undefined> {
  const { shop, market } = exchange.visit
  const one = (await listsOf(exchange)).find(({ kind }) => kind === 'later')
  if (!one) return undefined
  const found = await shop.api.getWishlist({ params: { wishlistId: one.id }, query: market })
  return found.ok ? found.data : undefined
}

/** A line of the cart is put aside. */
function laterRoute(app: FastifyInstance, shop: Shop): void {
  app.post(paths.cartLater(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const cart = readCart(request)
    if (!cart) return seeOther(reply, paths.cart())
    const exchange = { visit: v, request, reply }
    const list = await listFor(exchange, 'later')
    const form = readForm(request)
    const params = { cartId: cart.id, lineId: form.text('lineId') }
    const saved = list && (await shop.api.saveCartLine({ params, body: { wishlistId: list.id } }))
    if (saved?.ok) {
      keepCart(exchange, saved.data)
      say(shop, reply, { tone: 'good', text: v.t.wishes.saved(form.text('name')) })
    } else {
      const isFull = saved?.problem.code === 'cart.wishlist_full'
      say(shop, reply, { tone: 'bad', text: isFull ? v.t.wishes.full : v.t.tryLater })
    }
    return seeOther(reply, paths.cart())
  })
}

function couponRoute(app: FastifyInstance, shop: Shop): void {
  app.post('/cart/coupon', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const cart = readCart(request)
    if (!cart) return seeOther(reply, paths.cart())
    const form = readForm(request)
    const code = (form.text('remove') || form.text('code')).slice(0, 64)
    if (code === '') return seeOther(reply, paths.cart())
    const params = { cartId: cart.id, code }
    const isRemoval = form.text('remove') !== ''
    const changed: CartResult = isRemoval
      ? await shop.api.removeCoupon({ params })
      : await shop.api.addCoupon({ params })
    const text = changed.ok
      ? isRemoval
        ? v.t.cartChanged
        : v.t.couponUsed(code)
      : refusal(v, changed)
    say(shop, reply, { tone: changed.ok ? 'good' : 'bad', text })
    return seeOther(reply, localPath(form.text('back') || paths.cart()))
  })
}

/** The key under which a browser's worker sends a change, perhaps again. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  return typeof key === 'string' && /^[\w-]{16,64}$/.test(key) ? key : undefined
}

function nameOf(cart: Cart, { variantId }: Readonly<{ variantId: string }>): string {
  const line = cart.lines.find((one) => one.variantId === variantId)
  return line ? shortened(line.name) : ''
}

/** What was put into the cart from a list of results was found there; else by the last click on it. */
function tellOfCart(
  v: Visit,
  cart: Cart,
  { variantId, origin }: Readonly<{ variantId: string; origin: string }>,
): void {
  const productId = cart.lines.find((line) => line.variantId === variantId)?.productId
  if (productId === undefined) return
  const from = readOrigin(origin)
  tellOf(v, [
    ...(from ? [{ kind: 'click' as const, productId, ...from }] : []),
    { kind: 'cart', productId, queryId: from?.queryId },
  ])
}

/** Why the cart was not changed, in words. */
function refusal({ t }: Visit, result: CartResult): string {
  if (result.ok) return ''
  const { code } = result.problem
  if (code === 'cart.full') return t.cartFull
  if (code === 'cart.variant_not_sold' || code === 'not_found' || code === 'validation_failed')
    return t.productGone
  if (code === 'cart.coupon_unknown') return t.couponUnknown
  if (code === 'cart.not_open') return t.alreadyOrdered
  return t.tryLater
}
