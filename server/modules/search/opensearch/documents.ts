import { fold } from '../engine/analysis/fold.ts'
import { createAnalyser, hasDigit } from '../engine/analysis/tokens.ts'
import type { SearchDocument } from '../engine/index.ts'
import { priorFor, RATING_UNIT } from '../engine/segment/live.ts'
import { createWordReader } from '../engine/segment/words.ts'
import { STOP_WORDS } from '../engine/suggest/entries.ts'
import { fingerprintOf } from '../fingerprints.ts'
import { PART, priceField } from './mapping.ts'

/** A product as OpenSearch is sent it. */
export type IndexedProduct = Readonly<Record<string, unknown> & { id: string; print: string }>

const analyser = createAnalyser()
const LONGEST_PHRASE = 3
const MOST_PHRASES = 60

/** Names of features may not have dots: `15.6in` is kept as `15·6in`. */
export function featureOf(term: string): string {
  return term.replaceAll('.', '·')
}

export function optionOf({ name, value }: Readonly<{ name: string; value: string }>): string {
  return name + PART + value
}

/** What tells one state of a product from another. */
export function printOf(document: SearchDocument): string {
  const { content, live } = fingerprintOf(document)
  return `${content.toString(36)}-${live.toString(36)}`
}

/** Reads the words of these documents and lays them out as the mapping has it. */
export function toIndexed(documents: readonly SearchDocument[]): IndexedProduct[] {
  const reader = createWordReader(analyser)
  for (const [place, document] of documents.entries()) reader.add(document, place)
  const { terms, postingDocument, postingTerm, postingImpact, nameStart, nameTerms } = reader.batch
  const texts = terms.texts()
  const impacts = documents.map((): Record<string, number> => ({}))
  const [ofDocument, ofTerm, ofImpact] = [postingDocument, postingTerm, postingImpact].map((each) =>
    each.values(),
  ) as [Uint32Array, Uint32Array, Uint32Array]
  for (let at = 0; at < ofDocument.length; at += 1) {
    impacts[ofDocument[at]!]![texts[ofTerm[at]!]!] = ofImpact[at]!
  }
  const [starts, names] = [nameStart.values(), nameTerms.values()]
  return documents.map((document, place) => {
    const nameEnd = starts[place + 1] ?? names.length
    const name = Array.from(names.subarray(starts[place]!, nameEnd), (term) => texts[term]!)
    return productOf(document, impacts[place]!, name)
  })
}

function productOf(
  document: SearchDocument,
  impacts: Readonly<Record<string, number>>,
  name: readonly string[],
): IndexedProduct {
  const { id, brand, categoryPath, fields, rating, inStock, onSale } = document
  const variants = distinctVariants(document)
  return {
    active: true,
    id,
    impacts: Object.fromEntries(
      Object.entries(impacts).map(([term, impact]) => [featureOf(term), impact]),
    ),
    words: Object.keys(impacts).join(' '),
    name: name.join(' '),
    title: fields.name,
    phrases: phrasesOf(fields.name),
    ...(brand !== '' && { brand }),
    categories: categoryPath,
    ...(categoryPath.length > 0 && { path: categoryPath.join(PART) }),
    steps: categoryPath.map((category, level) =>
      [categoryPath[level - 1] ?? '', category, fields.categoryNames[level] ?? ''].join(PART),
    ),
    sellers: document.sellers,
    options: [...new Set(variants.flat())],
    variants: variants.map((options) => ({ options })),
    prices: Object.fromEntries(
      document.prices.map((price) => [
        priceField(price).slice('prices.'.length),
        {
          amount: price.amount,
          in_stock: price.inStock ?? inStock,
          on_sale: price.onSale ?? onSale,
        },
      ]),
    ),
    in_stock: inStock,
    on_sale: onSale,
    rating: Math.round(Math.min(5, Math.max(0, rating)) * RATING_UNIT),
    review_count: document.reviewCount,
    popularity: document.popularity,
    prior: priorFor(document),
    created_at_ms: document.createdAtMs,
    print: printOf(document),
  }
}

/** Variants that can be chosen by the same options are one. */
function distinctVariants({ variants }: SearchDocument): string[][] {
  const known = new Map(
    variants.map((pairs) => {
      const options = [...new Set(pairs.map(optionOf))].sort()
      return [JSON.stringify(options), options]
    }),
  )
  return [...known.values()].filter((options) => options.length > 0)
}

/** Words of letters and runs of them, as they stand in the name. */
function phrasesOf(name: string): string[] {
  const words = fold(name).match(/[\p{L}\p{N}]+/gu) ?? []
  const fits = words.map((word) => word.length > 1 && !hasDigit(word) && !STOP_WORDS.has(word))
  const phrases = new Set<string>()
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= Math.min(words.length, from + LONGEST_PHRASE); to += 1) {
      if (!fits[to - 1] || phrases.size >= MOST_PHRASES) break
      phrases.add(words.slice(from, to).join(' '))
    }
  }
  return [...phrases]
}
