/** What the worker leaves to the network, keeps, and forgets: by path. */

/** Pages that are kept as they were seen: nothing of accounts, orders, the checkout or the API. */
const KEPT = /^\/(|departments|search|cart|about|shipping|privacy|c\/.+|p\/.+)$/
/** Forms after which nothing that was seen counts any more: another person, another market. */
const FORGOTTEN_AFTER = /^\/(sign-|register|account|preferences)/
const CART_CHANGES: ReadonlySet<string> = new Set(['/cart/add', '/cart/line'])

export function mayKeep(path: string): boolean {
  return KEPT.test(path)
}

export function forgetsAfter(path: string): boolean {
  return FORGOTTEN_AFTER.test(path)
}

/** Whether pages kept are another person's after it, and so are the changes that wait. */
export function changesPerson(path: string): boolean {
  return path.startsWith('/sign-out')
}

export function changesCart(path: string): boolean {
  return CART_CHANGES.has(path)
}

/** The address without what does not change the page. */
export function keptAs(address: string): string {
  const url = new URL(address)
  for (const name of ['q_id', 'lang']) url.searchParams.delete(name)
  return url.pathname + url.search
}

const OWN = /<!--own-->[\s\S]*?<!--\/own-->/g

/** A page as it is kept: without what names a person, and marked with when it was seen. */
export function asSeen(page: string, seenAt: string): string {
  return page.replace(OWN, '').replace('<html ', `<html data-seen-at="${seenAt}" `)
}

/** Whether an answer is about the request, and not a sign that the shop cannot take it now. */
export function isSettled(status: number): boolean {
  return status < 500 && status !== 429 && status !== 408
}
