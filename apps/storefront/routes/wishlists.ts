import type { Wishlist, WishlistSummary } from '@stoa/client'
import type { FastifyInstance } from 'fastify'
import { cartFor, keepCart } from '../features/cart/session.ts'
import { listFor, listsOf, makeList, type WishExchange } from '../features/wishlists/session.ts'
import { sharedBody, wishlistsBody } from '../features/wishlists/view.ts'
import { say } from '../lib/cookies.ts'
import { shortened } from '../lib/format.ts'
import { cameFrom, type Form, readForm, seeOther, wantsJson } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import { sendNotFound } from '../lib/problems.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** The wish lists' pages, and the forms that change them. */
export function wishlistRoutes(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: { list?: string } }>('/wishlists', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const lists = await listsOf({ visit: v, request, reply })
    const list = await openList(v, lists, request.query.list)
    await sendPage(v, reply, {
      title: `${v.t.wishes.title} · ${v.t.shopName}`,
      kind: 'wishlists',
      isPrivate: true,
      main: wishlistsBody(v, { lists, list }),
    })
    return reply
  })

  app.get<{ Params: { shareId: string } }>('/wishlists/shared/:shareId', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const found = await shop.api.getSharedWishlist({ params: request.params, query: v.market })
    if (!found.ok) return sendNotFound(v, reply, v.t.wishes.sharedGone)
    await sendPage(v, reply, {
      title: `${found.data.name} · ${v.t.shopName}`,
      kind: 'wishlists',
      isPrivate: true,
      main: sharedBody(v, found.data),
    })
    return reply
  })

  heartRoute(app, shop)
  itemRoute(app, shop)
  listRoutes(app, shop)
  mailsRoute(app, shop)
}

/** The list that the address names, else the first. */
async function openList(
  { shop, market }: Visit,
  lists: readonly WishlistSummary[],
  wanted: string | undefined,
): Promise<Wishlist | undefined> {
  const named = lists.filter(({ kind }) => kind === 'wishes')
  const one = named.find(({ id }) => id === wanted) ?? named[0]
  if (!one) return undefined
  const found = await shop.api.getWishlist({ params: { wishlistId: one.id }, query: market })
  return found.ok ? found.data : undefined
}

type Done = Readonly<{ isDone: boolean; text: string }>

/** The heart beside a product: on the first list, or off every list. */
function heartRoute(app: FastifyInstance, shop: Shop): void {
  app.post(paths.wish(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const change = form.text('off') === '' ? putOn : takeOff
    const { isDone, text } = await change({ visit: v, request, reply }, form.text('variantId'))
    if (wantsJson(request)) {
      const link = { href: paths.wishlists(), text: v.t.wishes.view }
      return reply.code(isDone ? 200 : 422).send({ ok: isDone, text, link })
    }
    say(shop, reply, { tone: isDone ? 'good' : 'bad', text })
    return seeOther(reply, cameFrom(request))
  })
}

async function putOn(exchange: WishExchange, variantId: string): Promise<Done> {
  const { t, shop } = exchange.visit
  const list = await listFor(exchange, 'wishes')
  if (!list) return { isDone: false, text: t.tryLater }
  const added = await shop.api.addWish({ params: { wishlistId: list.id }, body: { variantId } })
  if (added.ok) return { isDone: true, text: t.wishes.added(shortened(added.data.name)) }
  const { code } = added.problem
  if (code === 'cart.wishlist_full') return { isDone: false, text: t.wishes.full }
  const isGone = code === 'cart.variant_not_sold' || code === 'validation_failed'
  return { isDone: false, text: isGone ? t.productGone : t.tryLater }
}

async function takeOff(exchange: WishExchange, variantId: string): Promise<Done> {
  const { shop, market, t } = exchange.visit
  let name = ''
  for (const { id: wishlistId, kind } of await listsOf(exchange)) {
    if (kind !== 'wishes') continue
    const found = await shop.api.getWishlist({ params: { wishlistId }, query: market })
    const item = found.ok ? found.data.items.find((one) => one.variantId === variantId) : undefined
    if (!item) continue
    const removed = await shop.api.removeWish({ params: { wishlistId, itemId: item.id } })
    if (!removed.ok) return { isDone: false, text: t.tryLater }
    name = shortened(item.name)
  }
  return { isDone: true, text: t.wishes.removed(name) }
}

/** A thing of a list: into the cart, or off the list. The cart's page has such things too. */
function itemRoute(app: FastifyInstance, shop: Shop): void {
  app.post(paths.wishlistItem(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const params = { wishlistId: form.text('list'), itemId: form.text('item') }
    const back = cameFrom(request)
    if (form.text('action') !== 'cart') {
      await shop.api.removeWish({ params })
      return seeOther(reply, back)
    }
    const exchange = { visit: v, request, reply }
    const cartId = await cartFor(exchange)
    const moved = cartId ? await shop.api.moveWishToCart({ params, body: { cartId } }) : undefined
    if (moved?.ok) {
      keepCart(exchange, moved.data)
      say(shop, reply, { tone: 'good', text: v.t.added(form.text('name')) })
    } else {
      const code = moved?.problem.code
      say(shop, reply, { tone: 'bad', text: code === 'cart.full' ? v.t.cartFull : v.t.productGone })
    }
    return seeOther(reply, back)
  })
}

/** Whether lower prices are told by mail: a choice of the account. */
function mailsRoute(app: FastifyInstance, shop: Shop): void {
  app.post(paths.wishlistMails(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    if (!v.account) return seeOther(reply, paths.signIn(paths.wishlists()))
    const marketing = readForm(request).text('mails') === 'on'
    const changed = await shop.api.updateMe({ body: { preferences: { marketing } } })
    const { mails } = v.t.wishes
    const text = marketing ? mails.started : mails.ended
    say(shop, reply, changed.ok ? { tone: 'good', text } : { tone: 'bad', text: v.t.tryLater })
    return seeOther(reply, cameFrom(request))
  })
}

function listRoutes(app: FastifyInstance, shop: Shop): void {
  app.post(paths.wishlistNew(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const name = readForm(request).text('name').slice(0, 80)
    const made = name ? await makeList({ visit: v, request, reply }, 'wishes', name) : undefined
    if (made) say(shop, reply, { tone: 'good', text: v.t.wishes.made(name) })
    else say(shop, reply, { tone: 'bad', text: name ? v.t.wishes.tooMany : v.t.tryLater })
    return seeOther(reply, paths.wishlists(made?.id))
  })

  app.post(paths.wishlistChange(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const wishlistId = form.text('list')
    const changed = await changeList(shop, wishlistId, form)
    const { wishes } = v.t
    const action = form.text('action')
    const said = { delete: wishes.gone, unshare: wishes.unshared }[action]
    if (!changed) say(shop, reply, { tone: 'bad', text: v.t.tryLater })
    else if (said) say(shop, reply, { tone: 'good', text: said })
    return seeOther(reply, action === 'delete' ? paths.wishlists() : paths.wishlists(wishlistId))
  })
}

/** @returns whether it could be done. */
async function changeList({ api }: Shop, wishlistId: string, form: Form): Promise<boolean> {
  const params = { wishlistId }
  const action = form.text('action')
  if (action === 'delete') return (await api.removeWishlist({ params })).ok
  if (action !== 'rename') {
    const body = { isShared: action === 'share' }
    return (await api.changeWishlist({ params, body })).ok
  }
  const name = form.text('name').slice(0, 80)
  return name !== '' && (await api.changeWishlist({ params, body: { name } })).ok
}
