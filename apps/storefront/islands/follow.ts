import { announce } from './live.ts'

// Prices and stock as they change, on pages that say what they show: [data-follow] names the
// products, [data-price-of] and [data-stock-of] show an offer's. Without this the page stays as it
// was when it was asked for.

type Money = Readonly<{ amount: number; currency: string }>
type Later = Readonly<{ kind: string; availableOn: string | null }>
type Price = Readonly<{ offerId: string; price: Money; salePrice?: Money }>
type Stock = Readonly<{
  offerId: string
  availability: Readonly<{ inStock: boolean; quantity: number; later?: Later }>
}>

const root = document.querySelector<HTMLElement>('[data-follow]')
const { follow = '', locale = 'en', words = '[]', market = '' } = root?.dataset ?? {}
/** What is said of no piece, one piece, … and of enough. */
const texts = JSON.parse(words) as string[]
const enough = texts.length - 1

const each = (name: string, offerId: string) =>
  document.querySelectorAll<HTMLElement>(`[data-${name}="${CSS.escape(offerId)}"]`)

function show({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function priceChanged({ offerId, price, salePrice }: Price): void {
  const now = `${(salePrice ?? price).amount}`
  for (const place of each('price-of', offerId)) {
    if (place.dataset['amount'] === now) continue
    place.dataset['amount'] = now
    if (place.dataset['says'] !== undefined) announce(place.dataset['says'])
    else {
      const tag = document.createElement('span')
      tag.className = 'price'
      tag.textContent = show(salePrice ?? price)
      place.replaceChildren(tag)
      if (!salePrice) continue
      const was = document.createElement('s')
      was.textContent = show(price)
      place.append(' ', was)
    }
  }
}

function stockChanged({ offerId, availability: { inStock, quantity, later } }: Stock): void {
  const level = `${later ? 'later' : Math.min(quantity, enough)}`
  for (const place of each('stock-of', offerId)) {
    if (later || place.dataset['level'] === level) continue
    place.dataset['level'] = level
    place.className = `stock stock-${inStock ? (quantity < enough ? 'few' : 'good') : 'none'}`
    place.textContent = texts[Math.min(quantity, enough)] ?? ''
    place.hidden = false
  }
  for (const button of each('buy-of', offerId)) (button as HTMLButtonElement).disabled = !inStock
}

let source: EventSource | undefined
function open(): void {
  source?.close()
  source = undefined
  if (document.hidden || !follow || document.documentElement.dataset['seenAt']) return
  source = new EventSource(`/api/v1/live?products=${follow}&${market}`)
  source.addEventListener('price', ({ data }) => priceChanged(JSON.parse(data)))
  source.addEventListener('stock', ({ data }) => stockChanged(JSON.parse(data)))
}
document.addEventListener('visibilitychange', open)
addEventListener('pagehide', () => source?.close())
open()
