import type { CategoryNode, Operations } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { marketFields } from '../features/markets/options.ts'
import { icon, logo } from './icons.ts'
import { type OwnParts, ownOnly, place } from './own-parts.ts'
import { paths } from './paths.ts'
import type { Visit } from './shop.ts'

type Markets = Operations['listMarkets']['reply']

const DEPARTMENTS_IN_NAVIGATION = 9

type HeaderParts = Readonly<{
  departments: readonly CategoryNode[]
  markets: Markets
  query: string | undefined
}>

export function shopHeader(visit: Visit, parts: HeaderParts): Html {
  const { t } = visit
  const shown = parts.departments.slice(0, DEPARTMENTS_IN_NAVIGATION)
  return html`<header class="top">
<div class="top-row">
${brandLink(visit)}
${searchForm(visit, parts)}
<nav class="top-links" aria-label="${t.account.account}">
${marketMenu(visit, parts.markets)}
${place('account')}
<a class="top-link top-wishes" href="${paths.wishlists()}" aria-label="${t.wishes.title}">${icon('heart')}</a>
<a class="top-link" href="${paths.orders()}">${icon('orders')}<span>${t.orders}</span></a>
${place('cart')}
</nav>
</div>
<nav class="department-row" aria-label="${t.departments}">
<a href="${paths.departments()}">${t.allDepartments}</a>
${shown.map(({ slug, name }) => html`<a href="${paths.category(slug)}">${name}</a>`)}
</nav>
</header>`
}

export function checkoutHeader(visit: Visit): Html {
  const { t } = visit
  return html`<header class="top top-checkout">
<div class="top-row">
${brandLink(visit)}
<p class="top-title">${icon('lock')} ${t.secureCheckout}</p>
<a class="quiet-link" href="${paths.cart()}">${t.backToCart}</a>
</div>
</header>`
}

function brandLink(visit: Visit): Html {
  return html`<a class="brand" href="${paths.home()}">${visit.shop.components.brand(visit)}</a>`
}

/** The mark and the name of the shop. */
export function brandMark({ t }: Visit): Html {
  return html`${logo()}<span>${t.shopName}</span>`
}

function searchForm({ shop, t }: Visit, { departments, query }: HeaderParts): Html {
  return html`<form class="finder" role="search" action="${paths.search()}" data-suggest="${paths.suggest()}">
<label class="sr" for="finder-scope">${t.searchIn}</label>
<select class="finder-scope" id="finder-scope" name="category">
<option value="">${t.allDepartments}</option>
${departments.map(({ slug, name }) => html`<option value="${slug}">${name}</option>`)}
</select>
<label class="sr" for="finder-words">${t.search}</label>
<input id="finder-words" type="search" name="q" value="${query ?? ''}" placeholder="${t.searchPlaceholder}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" maxlength="200">
<button class="finder-scan" type="button" aria-label="${t.app.scan}" data-scan="${shop.assets.url('islands/scan.ts')}" data-help="${t.app.scanHelp}" data-none="${t.app.scanNone}" data-close="${t.app.close}" hidden>${icon('scan')}</button>
<button class="finder-button" aria-label="${t.search}">${icon('search')}</button>
<div class="suggestions" id="suggestions" role="listbox" aria-label="${t.search}" hidden></div>
<span class="sr" role="status"></span>
</form>`
}

function marketMenu(visit: Visit, markets: Markets): Html {
  const { t, choice, format } = visit
  const here = `${format.country(choice.country)}, ${choice.currency}, ${t.language}`
  return html`<details class="market">
<summary class="top-link">${icon('place')}<span><small>${t.deliverTo} </small>${choice.country} · ${choice.currency}<span class="sr">: ${t.preferences}, ${here}</span></span></summary>
<form class="market-form" method="post" action="${paths.preferences()}">
<input type="hidden" name="back" value="${visit.url}">
${marketFields(visit, markets, 'market')}
<button class="button">${t.save}</button>
</form>
</details>`
}

function accountLink({ t, account, url }: Visit, className: string): Html {
  if (!account) {
    const back = url === paths.home() ? undefined : url
    return html`<a class="${className}" href="${paths.signIn(back)}">${icon('person')}<span>${t.account.signIn}</span></a>`
  }
  const name = account.name.split(' ')[0] ?? ''
  return ownOnly(
    html`<a class="${className}" href="${paths.account()}" aria-label="${t.account.yourAccount}: ${account.name}">${icon('person')}<span>${name.slice(0, 14)}</span></a>`,
  )
}

function cartLink({ t, cart }: Visit, className: string): Html {
  const count = cart?.count ?? 0
  return html`<a class="${className} cart-link" href="${paths.cart()}">
<span class="cart-mark" aria-hidden="true">${icon('cart')}<span class="cart-count" data-cart-count${attrs({ hidden: count === 0 })}>${count}</span></span><span class="sr" data-cart-says>${t.cartWith(count)}</span><span aria-hidden="true">${t.cart}</span></a>`
}

type TabEntry = Readonly<{ href: string; label: string; drawn: Html }>

/** The bar at the foot of a phone's screen. */
export function tabBar(visit: Visit): Html {
  const { t } = visit
  const entries = [
    { href: paths.home(), label: t.home, drawn: icon('home') },
    { href: paths.departments(), label: t.departments, drawn: icon('departments') },
    { href: paths.search(), label: t.search, drawn: icon('search') },
  ]
  return html`<nav class="tabs" aria-label="${t.shopName}: ${t.home}">
${entries.map((entry) => tab(visit, entry))}${place('accountTab')}
${place('cartTab')}
</nav>`
}

function tab({ url }: Visit, { href, label, drawn }: TabEntry): Html {
  const isHere = url.split('?')[0] === href
  return html`<a class="tab" href="${href}"${attrs({ 'aria-current': isHere ? 'page' : undefined })}>${drawn}<span>${label}</span></a>`
}

function accountTab(visit: Visit): Html {
  const { t, account } = visit
  const drawn = icon('person')
  return account
    ? tab(visit, { href: paths.account(), label: t.account.account, drawn })
    : tab(visit, { href: paths.signIn(), label: t.account.signIn, drawn })
}

/** What the frame says to this visitor alone. */
export function ownFrame(visit: Visit): OwnParts {
  const { flash } = visit
  return {
    account: accountLink(visit, 'top-link'),
    cart: cartLink(visit, 'top-link'),
    flash:
      flash !== undefined &&
      html`<p class="flash flash-${flash.tone}" role="status">${flash.text}</p>`,
    accountTab: accountTab(visit),
    cartTab: cartLink(visit, 'tab'),
  }
}

export function shopFooter(
  { t, format }: Visit,
  departments: readonly CategoryNode[],
  ratesAsOf: string,
): Html {
  return html`<footer class="foot">
<div class="foot-columns">
<div class="foot-brand">${logo()}<p>${t.tagline}</p></div>
<nav aria-label="${t.footerShop}"><h2>${t.footerShop}</h2><ul>
${departments.slice(0, 5).map(({ slug, name }) => html`<li><a href="${paths.category(slug)}">${name}</a></li>`)}
<li><a href="${paths.departments()}">${t.allDepartments}</a></li></ul></nav>
<nav aria-label="${t.footerHelp}"><h2>${t.footerHelp}</h2><ul>
<li><a href="${paths.orders()}">${t.trackOrder}</a></li>
<li><a href="${paths.wishlists()}">${t.wishes.title}</a></li>
<li><a href="${paths.shipping()}">${t.shippingInfo}</a></li>
<li><a href="${paths.preferences()}">${t.preferences}</a></li></ul></nav>
<nav aria-label="${t.footerAbout}"><h2>${t.footerAbout}</h2><ul>
<li><a href="${paths.about()}">${t.about}</a></li>
<li><a href="${paths.privacy()}">${t.privacy}</a></li></ul></nav>
</div>
<p class="foot-note">${t.demoShop} ${t.ratesNote(format.date(ratesAsOf))}</p>
</footer>`
}
