/** Every address of the shop. A link is a call of one of these, never a string of its own. */
export const paths = {
  home: () => '/',
  departments: () => '/departments',
  category: (slug: string, query = '') => `/c/${segments(slug)}${mark(query)}`,
  search: (query = '') => `/search${mark(query)}`,
  suggest: () => '/suggest',
  product: (slug: string, query: Readonly<Record<string, string>> = {}) =>
    `/p/${encodeURIComponent(slug)}${mark(new URLSearchParams(query).toString())}`,
  cart: () => '/cart',
  cartDrawer: () => '/cart/drawer',
  cartAdd: () => '/cart/add',
  cartLine: () => '/cart/line',
  cartCoupon: () => '/cart/coupon',
  cartLater: () => '/cart/later',
  wishlists: (list?: string) => (list ? `/wishlists?list=${list}` : '/wishlists'),
  sharedWishlist: (shareId: string) => `/wishlists/shared/${shareId}`,
  wish: () => '/wishlists/wish',
  wishlistItem: () => '/wishlists/item',
  wishlistNew: () => '/wishlists/new',
  wishlistChange: () => '/wishlists/change',
  wishlistMails: () => '/wishlists/mails',
  unsubscribe: (token?: string) =>
    token ? `/unsubscribe?token=${encodeURIComponent(token)}` : '/unsubscribe',
  deliveryPlace: () => '/delivery-place',
  checkout: (step?: CheckoutStep) => (step ? `/checkout?step=${step}` : '/checkout'),
  checkoutAddress: () => '/checkout/address',
  checkoutBook: () => '/checkout/book',
  checkoutCountry: () => '/checkout/country',
  checkoutShipping: () => '/checkout/shipping',
  checkoutPay: () => '/checkout/pay',
  checkoutReturn: () => '/checkout/return',
  orders: () => '/orders',
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  orderDrop: (id: string) => `/orders/${encodeURIComponent(id)}/drop`,
  orderReturn: (id: string) => `/orders/${encodeURIComponent(id)}/return`,
  returnSend: (id: string) => `/orders/${encodeURIComponent(id)}/return/send`,
  returnCancel: (id: string) => `/orders/${encodeURIComponent(id)}/return/cancel`,
  orderCancel: (id: string) => `/orders/${encodeURIComponent(id)}/cancel`,
  signIn: (back?: string) => `/sign-in${back ? `?back=${encodeURIComponent(back)}` : ''}`,
  signInCode: () => '/sign-in/code',
  signInPasskey: () => '/sign-in/passkey',
  signInPasskeyBegin: () => '/sign-in/passkey/begin',
  signInProvider: () => '/sign-in/provider',
  signInProviderBegin: () => '/sign-in/provider/begin',
  signInProviderLink: () => '/sign-in/provider/link',
  invitation: () => '/invitation',
  signOut: () => '/sign-out',
  register: () => '/register',
  forgot: () => '/forgot',
  reset: () => '/reset',
  verify: () => '/verify',
  account: (page?: AccountPage) => (page ? `/account/${page}` : '/account'),
  accountAction: (page: AccountPage, action: string) => `/account/${page}/${action}`,
  preferences: () => '/preferences',
  about: () => '/about',
  privacy: () => '/privacy',
  yourData: () => '/your-data',
  yourDataAction: (action: 'export' | 'erase') => `/your-data/${action}`,
  shipping: () => '/shipping',
  manifest: (language: string) => `/manifest.webmanifest?${LANGUAGE}=${language}`,
  icon: (name: string) => `/icons/${name}.png`,
  serviceWorker: () => '/service-worker.js',
  offline: () => '/offline',
  styleguide: () => '/styleguide',
  share: () => '/share',
  speculation: () => '/speculation-rules.json',
  favicon: () => '/favicon.svg',
  socialPicture: ({ kind, slug, look, tag }: SocialPlace) =>
    `/og/${kind}/${segments(slug)}/${look}-${tag}.jpg`,
  sitemap: () => '/sitemap.xml',
  sitemapOfPages: () => '/sitemaps/pages.xml',
  sitemapPart: (part: number) => `/sitemaps/products-${part}.xml`,
} as const

export type AccountPage = 'details' | 'addresses' | 'security' | 'keys' | 'privacy'

export type SocialPlace = Readonly<{ kind: 'p' | 'c'; slug: string; look: string; tag: string }>

type Look = Readonly<{ slug: string; language: string; country: string; currency: string }>

/** Reads what is after `/og/p/`. */
export function lookOf(rest: string): Look | undefined {
  const found = /^(.+)\/([a-z]{2})-([A-Z]{2})-([A-Z]{3})-[\w-]{16}\.jpg$/.exec(rest)
  if (!found) return undefined
  const [, slug = '', language = '', country = '', currency = ''] = found
  return { slug, language, country, currency }
}

export type CheckoutStep = 'address' | 'shipping' | 'payment'

/** Category slugs are paths themselves: `electronics/audio`. */
function segments(slug: string): string {
  return slug.split('/').map(encodeURIComponent).join('/')
}

/** Names the language of an address, for those who send one on and for search engines. */
export const LANGUAGE = 'lang'

/** The address of a page in one language; without a name it is in the visitor's own. */
export function inLanguage(path: string, language: string | undefined): string {
  const [address = '', query] = path.split('?')
  const parameters = new URLSearchParams(query)
  parameters.delete(LANGUAGE)
  if (language !== undefined) parameters.append(LANGUAGE, language)
  return query === undefined && language === undefined
    ? path
    : `${address}${mark(parameters.toString())}`
}

function mark(query: string): string {
  return query ? `?${query}` : ''
}

/** A path of this shop to go back to; home for anything else. */
export function localPath(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(text) ? text : paths.home()
}
