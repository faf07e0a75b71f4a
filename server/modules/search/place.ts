import { decodeCursor, encodeCursor, refuseCursor } from '../../platform/http/cursor.ts'
import type { SearchPlace } from './engine/index.ts'

/** A place as a cursor. Keys are text: products without a price sort by an infinite one. */
export function encodePlace({ key, id, edge, position }: SearchPlace): string {
  return encodeCursor([String(key), id, position, edge ? String(edge.key) : '', edge?.id ?? ''])
}

/** What a cursor says: the number of a page, or a place. */
export type Continued = Readonly<{ page: number; after?: SearchPlace }>

/** @throws validation_failed */
export function readCursor(cursor: string, limit: number): Continued {
  if (/^\d{1,5}$/.test(cursor)) return { page: Math.max(1, Number(cursor)) }
  const [key, id, position, edgeKey, edgeId] = decodeCursor(cursor, [
    'string',
    'string',
    'number',
    'string',
    'string',
  ]) as [string, string, number, string, string]
  if (!Number.isSafeInteger(position) || position < 0) throw refuseCursor()
  const after = { key: numberOf(key), id, position }
  const page = 1 + Math.floor(position / limit)
  if (edgeKey === '') return { page, after: { ...after, reranked: false } }
  const edge = { key: numberOf(edgeKey), id: edgeId }
  return { page, after: { ...after, reranked: true, edge } }
}

function numberOf(text: string): number {
  const number = Number(text)
  if (text === '' || Number.isNaN(number)) throw refuseCursor()
  return number
}
