/**
 * How products lie in OpenSearch. Words are read by our own analyser before they are sent (55" is 55in,
 * LE-40B650 also le40b650), so that both engines read alike and the index needs none but `whitespace`.
 */

/** Moves when documents or mapping change: an index of another format is built anew. */
export const FORMAT = 2

/** Where the index stands is a document beside the products, so that both come and go together. */
export const STATE_ID = 'state'

/** Between the parts of a value that has several. */
export const PART = '\u001f'

const keyword = { type: 'keyword' }
const keptOnly = { type: 'keyword', index: false, doc_values: false }
const words = { type: 'text', analyzer: 'whitespace', norms: false }

const PRODUCT = {
  /** True for products, absent from the state. */
  active: { type: 'boolean' },
  id: keyword,
  /** Each word with its weight over all fields: BM25F without the rarity, 1 to 255. */
  impacts: { type: 'rank_features' },
  /** Each word once, for its frequency, its beginnings and its misspellings. */
  words: { ...words, index_options: 'docs', index_prefixes: { min_chars: 2, max_chars: 10 } },
  /** The name's words in order. */
  name: { ...words, index_options: 'positions' },
  /** Words and runs of words of the name, as written, to complete what is typed. */
  phrases: keyword,
  brand: keyword,
  categories: keyword,
  /** The whole path as one value, and each step of it: parent, id, name. */
  path: keyword,
  steps: keyword,
  sellers: keyword,
  /** Attribute and value, of any variant. */
  options: keyword,
  variants: { type: 'nested', properties: { options: keyword } },
  in_stock: { type: 'boolean' },
  on_sale: { type: 'boolean' },
  /** Thousandths. */
  rating: { type: 'short' },
  review_count: { type: 'integer' },
  popularity: { type: 'float' },
  /** What popularity and rating multiply a score with. */
  prior: { type: 'float' },
  created_at_ms: { type: 'long' },
  /** Tells whether a document that is read anew differs. */
  print: keptOnly,
} as const

const PRICE = {
  amount: { type: 'long' },
  in_stock: { type: 'boolean' },
  on_sale: { type: 'boolean' },
} as const

/** The body that makes an index: nothing is refreshed until it is filled. */
export function indexBody(aliases: Readonly<Record<string, object>>): object {
  return {
    aliases,
    settings: {
      number_of_shards: 1,
      auto_expand_replicas: '0-1',
      refresh_interval: '-1',
      max_result_window: 10_000,
    },
    mappings: {
      dynamic: false,
      _meta: { format: FORMAT },
      // Kept for those who look into the index, without what can be made from it.
      _source: { excludes: ['impacts', 'words', 'phrases'] },
      properties: {
        ...PRODUCT,
        prices: { type: 'object', dynamic: true },
        state: { type: 'object', enabled: false },
      },
      dynamic_templates: Object.entries(PRICE).map(([name, mapping]) => ({
        [`price_${name}`]: { path_match: `prices.*.${name}`, mapping },
      })),
    },
  }
}

/** Settings of an index that is searched: refreshed by whoever writes, and now and then by itself. */
export const SERVING_SETTINGS = { index: { refresh_interval: '1s' } }

/** The field of a market's price. */
export function priceField({ market, currency }: Readonly<{ market: string; currency: string }>) {
  return `prices.${`${market}_${currency}`.replace(/[^A-Za-z0-9_]/g, '_')}`
}
