import type { SharedWishlist, Wishlist, WishlistItem, WishlistSummary } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { shortened } from '../../lib/format.ts'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { drawing } from '../departments/drawings.ts'
import { stockLine } from '../products/buy-box.ts'
import { picture } from '../products/picture.ts'

export type WishlistsView = Readonly<{
  lists: readonly WishlistSummary[]
  list: Wishlist | undefined
}>

/** The visitor's lists: their names, then the one that is open. */
export function wishlistsBody(visit: Visit, { lists, list }: WishlistsView): Html {
  const { t, account } = visit
  const named = lists.filter(({ kind }) => kind === 'wishes')
  return html`<div class="wishes-head"><h1>${t.wishes.title}</h1>
<details class="wishes-new"><summary class="button button-quiet">${icon('plus')} ${t.wishes.newList}</summary>
<form method="post" action="${paths.wishlistNew()}">${nameField(visit, 'new-name', '')}<button class="button">${t.wishes.create}</button></form></details></div>
${
  named.length > 1 &&
  html`<nav class="wishes-lists" aria-label="${t.wishes.title}"><ul class="chips">${named.map(
    ({ id, name, itemCount }) =>
      html`<li><a class="chip" href="${paths.wishlists(id)}"${attrs({ 'aria-current': id === list?.id ? 'page' : undefined })}><bdi>${name}</bdi> <span class="quiet">${visit.format.number(itemCount)}</span></a></li>`,
  )}</ul></nav>`
}
${list ? oneList(visit, list) : emptyList(visit)}
${account && mailsPart(visit, account.preferences.marketing)}
${!account && html`<p class="quiet wishes-keep"><a href="${paths.signIn(paths.wishlists())}">${t.wishes.keep}</a></p>`}`
}

/** Lower prices by mail: with consent, and ended where it was begun. */
function mailsPart({ t }: Visit, isOn: boolean): Html {
  const { mails } = t.wishes
  return html`<form class="wishes-mails" method="post" action="${paths.wishlistMails()}">${isOn && html`<p class="quiet">${mails.on}</p>`}<button class="quiet-link" name="mails" value="${isOn ? '' : 'on'}">${icon('bell')} ${isOn ? mails.end : mails.ask}</button></form>`
}

function emptyList({ t }: Visit): Html {
  return html`<div class="empty">${drawing('amphora')}<h2>${t.wishes.empty}</h2><p>${t.wishes.emptyHelp}</p><p><a class="button" href="${paths.home()}">${t.startShopping}</a></p></div>`
}

function oneList(visit: Visit, list: Wishlist): Html {
  const { t } = visit
  return html`<section aria-labelledby="list-name" data-wished="${list.items.map(({ variantId }) => variantId).join(' ')}"><div class="shelf-head"><h2 id="list-name"><bdi>${list.name}</bdi> <span class="choice-count">${t.itemsCount(list.items.length)}</span></h2></div>
${list.items.length === 0 ? emptyList(visit) : html`<ul class="wishes">${list.items.map((item) => ownItem(visit, list.id, item))}</ul>`}
${manage(visit, list)}</section>`
}

function ownItem(visit: Visit, listId: string, item: WishlistItem): Html {
  const { t } = visit
  const canBuy = item.isSold && item.availability.inStock
  const button = (action: string, text: string, label: string, look: string) =>
    html`<button class="${look}" name="action" value="${action}" aria-label="${label}">${text}</button>`
  return wishItem(
    visit,
    item,
    html`<form class="wish-actions" method="post" action="${paths.wishlistItem()}"><input type="hidden" name="list" value="${listId}"><input type="hidden" name="item" value="${item.id}"><input type="hidden" name="name" value="${shortened(item.name)}">
${canBuy && button('cart', t.wishes.move, t.wishes.toCart(item.name), 'button')}
${button('remove', t.remove, t.removeNamed(item.name), 'quiet-link')}</form>`,
  )
}

function wishItem(visit: Visit, item: WishlistItem, actions: Html | false): Html {
  const { t, format } = visit
  const { name, slug, sku, image, options, unitPrice, listPrice, priceDrop } = item
  const href = paths.product(slug, { variant: sku })
  const chosen = Object.entries(options)
  return html`<li class="wish-item" data-variant="${item.variantId}">
<a class="wish-picture" href="${href}" tabindex="-1" aria-hidden="true">${picture(visit, { name, image, categorySlug: slug }, 'small')}</a>
<div class="wish-what"><a class="cart-name" dir="auto" href="${href}">${name}</a>
${chosen.length > 0 && html`<p class="quiet">${chosen.map(([option, value]) => `${option}: ${value}`).join(' · ')}</p>`}
${item.isSold ? html`<p class="wish-price"><strong>${format.money(unitPrice)}</strong>${listPrice && html` <s class="quiet">${format.money(listPrice)}</s>`}</p>` : html`<p class="stock stock-none">${t.notSold}</p>`}
${priceDrop && html`<p class="wish-drop">${icon('drop')} ${t.wishes.dropped(format.number(priceDrop.percent), format.money(priceDrop.from))}</p>`}
${item.isSold && stockLine(visit, item.availability)}</div>
${actions}</li>`
}

function manage({ t, shop }: Visit, list: Wishlist): Html {
  const hidden = html`<input type="hidden" name="list" value="${list.id}">`
  const button = (action: string, text: string, look = 'button button-quiet') =>
    html`<button class="${look}" name="action" value="${action}">${text}</button>`
  return html`<details class="wishes-manage"${attrs({ open: list.shareId !== null })}><summary>${t.wishes.manage}</summary>
<form method="post" action="${paths.wishlistChange()}">${hidden}<div class="field"><label for="list-name-field">${t.wishes.listName}</label><span class="field-row"><input id="list-name-field" name="name" value="${list.name}" maxlength="80" required>${button('rename', t.wishes.rename)}</span></div></form>
<form class="wishes-share" method="post" action="${paths.wishlistChange()}">${hidden}
${
  list.shareId
    ? html`<div class="field"><label for="share-link">${t.wishes.shared}</label><span class="field-row"><input id="share-link" value="${shop.publicUrl}${paths.sharedWishlist(list.shareId)}" readonly>${button('unshare', t.wishes.unshare)}</span></div>`
    : button('share', t.wishes.share)
}
${button('delete', t.wishes.remove, 'quiet-link')}</form></details>`
}

function nameField({ t }: Visit, id: string, value: string): Html {
  return html`<div class="field"><label for="${id}">${t.wishes.listName}</label><input id="${id}" name="name" value="${value}" maxlength="80" required></div>`
}

/** Somebody else's list: to look at and to buy from. */
export function sharedBody(visit: Visit, list: SharedWishlist): Html {
  const { t } = visit
  const buy = ({ variantId, name, isSold, availability }: WishlistItem) =>
    isSold &&
    availability.inStock &&
    html`<form class="wish-actions" method="post" action="${paths.cartAdd()}" data-add><input type="hidden" name="variantId" value="${variantId}"><button class="button" aria-label="${t.addNamed(name)}">${t.addToCart}</button></form>`
  return html`<h1><bdi>${list.name}</bdi></h1><p class="quiet">${t.wishes.sharedBy}</p>
${list.items.length === 0 ? emptyList(visit) : html`<ul class="wishes">${list.items.map((item) => wishItem(visit, item, buy(item)))}</ul>`}`
}

/** What was put aside, beneath the cart. */
export function laterPart(visit: Visit, list: Wishlist | undefined): Html | false {
  if (!list || list.items.length === 0) return false
  return html`<section class="later" aria-labelledby="later"><div class="shelf-head"><h2 id="later">${visit.t.wishes.later} <span class="choice-count">${visit.t.itemsCount(list.items.length)}</span></h2></div><ul class="wishes">${list.items.map((item) => ownItem(visit, list.id, item))}</ul></section>`
}
