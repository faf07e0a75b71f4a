import { createHash } from 'node:crypto'
import { canonicalJson } from '../idempotency.ts'

/** One line of the audit log: who did what to what, when, and how it ended. */
export type AuditEntry = Readonly<{
  id: string
  at: string
  /** `operator:acc_…`, `seller:acc_…`, `cli:NAME`. */
  actor: string
  /** The operation that was called, or what was changed: `updateProduct`, `catalog.product.updated`. */
  action: string
  entityId: string | null
  requestId: string | null
  details: Readonly<Record<string, unknown>>
  /** `done`, `refused CODE`, `failed`, or `unknown` where the process ended before it knew. */
  outcome: string
}>

/** Where a chain ends, or ended once. */
export type AuditHead = Readonly<{ seq: number; hash: string }>

/** What comes before the first entry. */
export const NO_HASH = Buffer.alloc(32)

/** What JSON may hold and PostgreSQL's may not: half a pair of surrogates, and U+0000. */
const UNKEEPABLE = /\\u(?:d[89a-f][0-9a-f]{2}|0000)/g

/** The text that is kept and hashed. */
export function textOf(entry: AuditEntry): string {
  return canonicalJson(entry).replace(UNKEEPABLE, '\\ufffd')
}

/** SHA-256 over the hash before, the place in the chain, and the entry's text. */
export function chainHash(previous: Uint8Array, seq: number, text: string): Buffer {
  const place = Buffer.alloc(8)
  place.writeBigUInt64BE(BigInt(seq))
  return createHash('sha256').update(previous).update(place).update(text).digest()
}

const MOST_MEMBERS = 20
const MOST_DEPTH = 5
/** Ids, codes of currencies and countries, moments: none tells of a person by itself. */
const PLAIN = /^(?:[a-z]{2,8}_[0-7][0-9a-hjkmnp-tv-z]{25}|[A-Z]{2,3}|\d{4}-\d\d-\d\dT[\d:.]{5,}Z)$/

/**
 * What was sent, without what may tell of a person or be a secret: numbers, flags, ids and codes stay, of all other
 * texts only the length. The log cannot forget, so it must not know.
 */
export function withoutWords(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return PLAIN.test(value) ? value : `(${value.length} letters)`
  if (typeof value !== 'object' || value === null) return value
  const size = Array.isArray(value) ? value.length : Object.keys(value).length
  if (depth >= MOST_DEPTH) return `(${size} members)`
  const kept = Object.entries(value)
    .slice(0, MOST_MEMBERS)
    .map(([name, member]) => [name, withoutWords(member, depth + 1)] as const)
  const more = size > MOST_MEMBERS ? `(${size - MOST_MEMBERS} more)` : undefined
  if (Array.isArray(value)) return [...kept.map(([, member]) => member), ...(more ? [more] : [])]
  return { ...Object.fromEntries(kept), ...(more ? { '…': more } : {}) }
}
