import type { Client, Wishlist, WishlistSummary } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearCookie, readIds, rememberId, setCookie } from '../../lib/cookies.ts'
import type { Shop, Visit } from '../../lib/shop.ts'

type FoundList = Awaited<ReturnType<Client['getWishlist']>>

export type WishExchange = Readonly<{ visit: Visit; request: FastifyRequest; reply: FastifyReply }>

/** The visitor's lists, the oldest first: a customer's by account, a guest's by the ids in the cookie. */
export async function listsOf({
  visit,
  request,
  reply,
}: WishExchange): Promise<readonly WishlistSummary[]> {
  const { api } = visit.shop
  if (visit.account) {
    const found = await api.listWishlists({})
    return found.ok ? found.data.items : []
  }
  const ids = readIds(request, 'wishes')
  const found = await Promise.all(
    ids.map((wishlistId) => api.getWishlist({ params: { wishlistId }, query: visit.market })),
  )
  const there = ids.filter((_, place) => !isGone(found[place]))
  if (there.length < ids.length)
    setCookie(visit.shop, reply, { name: 'wishes', value: there.join('.') })
  return found.flatMap((result) => (result.ok ? [result.data] : [])).toReversed()
}

function isGone(found: FoundList | undefined) {
  return found?.ok === false && found.problem.status === 404
}

/** The visitor's first list of a kind; made if there is none. Undefined if that cannot be. */
export async function listFor(
  exchange: WishExchange,
  kind: Wishlist['kind'],
): Promise<WishlistSummary | undefined> {
  const known = (await listsOf(exchange)).find((list) => list.kind === kind)
  const { wishes } = exchange.visit.t
  return known ?? makeList(exchange, kind, kind === 'later' ? wishes.later : wishes.standard)
}

export async function makeList(
  { visit, request, reply }: WishExchange,
  kind: Wishlist['kind'],
  name: string,
): Promise<WishlistSummary | undefined> {
  const made = await visit.shop.api.createWishlist({ body: { name, kind } })
  if (!made.ok) return undefined
  if (!visit.account) rememberId(visit.shop, request, reply, { name: 'wishes', id: made.data.id })
  return made.data
}

/** A guest's lists become those of the account that has just been signed in to. */
export async function giveLists(
  { shop, request, reply }: Readonly<{ shop: Shop; request: FastifyRequest; reply: FastifyReply }>,
  authorization: string,
): Promise<void> {
  const wishlistIds = readIds(request, 'wishes')
  if (wishlistIds.length === 0) return
  const given = await shop.api.adoptWishlists({ body: { wishlistIds }, headers: { authorization } })
  // Else they wait in the browser for the next time.
  if (given.ok) clearCookie(shop, reply, 'wishes')
}
