/** The search that led to a product, and the product's place among its results. */
export type Origin = Readonly<{ queryId: string; position: number }>

const QUERY_ID = /^qry_[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** Name of the origin in addresses and forms: links lead to the product itself, by no detour. */
export const ORIGIN = 'q_id'

export function writeOrigin({ queryId, position }: Origin): string {
  return `${queryId}.${position}`
}

/** Undefined if it is none. */
export function readOrigin(text: unknown): Origin | undefined {
  if (typeof text !== 'string') return undefined
  const [queryId = '', position = ''] = text.split('.')
  if (!QUERY_ID.test(queryId) || !/^[1-9]\d{0,3}$/.test(position)) return undefined
  return { queryId, position: Number(position) }
}

/** The id of a search in an address; empty if it is none. */
export function readQueryId(text: string): string {
  return QUERY_ID.test(text) ? text : ''
}
