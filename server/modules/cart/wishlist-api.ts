import type { Cart } from '#contracts/cart/schemas.ts'
import type {
  SharedWishlist,
  Wishlist,
  WishlistItem,
  WishlistSummary,
} from '#contracts/cart/wishlists.ts'

/** As for carts: a customer, null for a guest; absent for the server itself and operators. */
type Asker = Readonly<{ customerId?: string | null | undefined }>
type OfList = Asker & Readonly<{ wishlistId: string }>
type Market = Readonly<{ currency?: string | undefined; country?: string | undefined }>

/** Named lists of things wanted, and what was put aside from a cart. */
export type WishlistApi = Readonly<{
  list(input: { customerId: string }): Promise<WishlistSummary[]>
  /** @throws cart.wishlists_full */
  create(input: Asker & { name: string; kind: Wishlist['kind'] }): Promise<WishlistSummary>
  /** @throws not_found, catalog.currency_not_sold, pricing.market_unknown */
  get(input: OfList & Market): Promise<Wishlist>
  /** @throws not_found, catalog.currency_not_sold, pricing.market_unknown */
  getShared(input: { shareId: string } & Market): Promise<SharedWishlist>
  /** @throws not_found */
  change(
    input: OfList & { name?: string | undefined; isShared?: boolean | undefined },
  ): Promise<{ name: string; shareId: string | null }>
  /** @throws not_found */
  remove(input: OfList): Promise<void>
  /** A thing is on a list once: again changes nothing. @throws not_found, cart.wishlist_full, cart.variant_not_sold */
  add(
    input: OfList & { variantId: string; quantity: number },
  ): Promise<{ itemId: string; itemCount: number; name: string }>
  /** @throws not_found if there is no such list */
  removeItem(input: OfList & { itemId: string }): Promise<{ itemCount: number }>
  /** Under the item's id as key: twice adds once. @throws not_found, cart.not_open, cart.full, cart.variant_not_sold */
  moveToCart(input: OfList & { itemId: string; cartId: string }): Promise<Cart>
  /** Keeps the line on the list first, then takes it out: twice keeps it once. @throws not_found, cart.not_open, cart.wishlist_full */
  saveLine(input: OfList & { cartId: string; lineId: string }): Promise<Cart>
  /** Makes a guest's lists the customer's; those that are nobody's to give are passed over. */
  adopt(input: { customerId: string; wishlistIds: readonly string[] }): Promise<WishlistSummary[]>
}>

/** Wishes as other modules see them. */
export type WishesApi = Readonly<{
  /** Customers who keep lists, some at a time: those after one, in a lasting order. */
  listWishers(input: { after: string | null; limit: number }): Promise<string[]>
  /** What a customer wishes for, each thing once, priced as of now. @throws catalog.currency_not_sold, pricing.market_unknown */
  wishesOf(input: { customerId: string } & Market): Promise<WishlistItem[]>
}>
