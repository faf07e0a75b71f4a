import { isGtin } from './gtin.ts'
import type { DemoCategory, DemoOffer, DemoProduct, DemoSeller, DemoWarehouse } from './model.ts'

export type Catalogue = Readonly<{
  categories: readonly DemoCategory[]
  sellers: readonly DemoSeller[]
  warehouses: readonly DemoWarehouse[]
  products: readonly DemoProduct[]
}>

type Check = (holds: boolean, fault: string) => void

type Known = Readonly<{
  categories: ReadonlySet<string>
  sellers: ReadonlySet<string>
  warehouses: ReadonlyMap<string, string | null>
  seen: Set<string>
}>

function checkUnique(known: Known, check: Check, key: string): void {
  check(!known.seen.has(key), `${key} occurs twice`)
  known.seen.add(key)
}

function checkPrice(offer: DemoOffer, check: Check): void {
  const { price, salePrice } = offer
  const isMoney = Number.isSafeInteger(price.amount) && price.amount > 0
  check(isMoney && /^[A-Z]{3}$/.test(price.currency), `${offer.sku}: price ${price.amount}`)
  if (salePrice === undefined) return
  const isLower = Number.isSafeInteger(salePrice.amount) && salePrice.amount < price.amount
  check(isLower && salePrice.amount > 0, `${offer.sku}: sale price ${salePrice.amount}`)
  check(salePrice.currency === price.currency, `${offer.sku}: sale in another currency`)
}

function checkOffer(offer: DemoOffer, known: Known, check: Check): void {
  check(known.sellers.has(offer.seller), `${offer.sku}: no seller ${offer.seller}`)
  checkUnique(known, check, `offer ${offer.seller} ${offer.sku}`)
  checkPrice(offer, check)
  check(Object.keys(offer.stock).length > 0, `${offer.sku}: no stock record`)
  for (const [code, quantity] of Object.entries(offer.stock)) {
    const owner = known.warehouses.get(code)
    check(owner !== undefined, `${offer.sku}: no warehouse ${code}`)
    check(owner === null || owner === offer.seller, `${offer.sku}: ${code} belongs to another`)
    check(Number.isSafeInteger(quantity) && quantity >= 0, `${offer.sku}: stock ${quantity}`)
  }
}

function checkProduct(product: DemoProduct, known: Known, check: Check): void {
  const { ref, options = [], variants } = product
  checkUnique(known, check, `product ${ref}`)
  check(product.name.trim() === product.name && product.name !== '', `${ref}: name`)
  check(!/<\/?[a-z]|&[a-z]+;|\s{2}/i.test(product.name), `${ref}: name "${product.name}"`)
  check(known.categories.has(product.category), `${ref}: no category ${product.category}`)
  check(known.sellers.has(product.seller), `${ref}: no seller ${product.seller}`)
  check(product.popularity >= 0 && product.popularity <= 1, `${ref}: popularity`)
  check(Object.keys(product.attributes).length <= 20, `${ref}: too many attributes`)
  check(variants.length > 0, `${ref}: no variant`)
  const combinations = new Set(variants.map((variant) => JSON.stringify(variant.options ?? {})))
  check(combinations.size === variants.length, `${ref}: two variants with the same options`)
  for (const variant of variants) {
    checkUnique(known, check, `sku ${variant.sku}`)
    if (variant.gtin !== undefined) {
      check(isGtin(variant.gtin), `${variant.sku}: GTIN ${variant.gtin}`)
    }
    const weight = variant.weightGrams ?? 1
    check(
      Number.isSafeInteger(weight) && weight > 0 && weight <= 2_000_000,
      `${variant.sku}: weight`,
    )
    const chosen = Object.keys(variant.options ?? {}).join()
    check(chosen === options.join(), `${variant.sku}: options ${chosen}`)
    check(variant.offers.length > 0, `${variant.sku}: no offer`)
    for (const offer of variant.offers) checkOffer(offer, known, check)
  }
}

/** What is wrong with a demo catalogue, in words; nothing if it may be loaded. */
export function findFaults(catalogue: Catalogue): readonly string[] {
  const faults: string[] = []
  const check: Check = (holds, fault) => {
    if (!holds) faults.push(fault)
  }
  const codes = new Set<string>()
  const slugs = new Set<string>()
  for (const { code, parent, slug } of catalogue.categories) {
    check(parent === null || codes.has(parent), `category ${code} stands before its parent`)
    check(!codes.has(code) && !slugs.has(slug), `category ${code} (${slug}) occurs twice`)
    codes.add(code)
    slugs.add(slug)
  }
  const known = {
    categories: codes,
    sellers: new Set(catalogue.sellers.map(({ code }) => code)),
    warehouses: new Map(catalogue.warehouses.map(({ code, seller }) => [code, seller])),
    seen: new Set<string>(),
  }
  check(known.sellers.size === catalogue.sellers.length, 'a seller occurs twice')
  for (const product of catalogue.products) checkProduct(product, known, check)
  return faults
}
