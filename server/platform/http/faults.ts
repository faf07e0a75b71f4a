import { generalProblem } from '#contracts/kit/problem.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import { hasCardNumber } from '../card-numbers.ts'

const MAX_DEPTH = 64
const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const NOT_FOR_STAFF_ALONE: ReadonlySet<string> = new Set(['public', 'holder', 'customer'])

type Place = readonly PropertyKey[]
type Fault = Readonly<{ place: Place; message: string }>
/** What is wrong with a text, if something is. */
type Judge = (text: string) => string | undefined

/** The one character that PostgreSQL keeps in no text. */
const judgeText: Judge = (text) =>
  text.includes('\0') ? 'has the character U+0000, which no text may have' : undefined

/** Cards are the provider's alone: a number that is typed elsewhere is not taken in. Source: semantics 24. */
const judgeShoppersText: Judge = (text) =>
  judgeText(text) ??
  (hasCardNumber(text)
    ? 'looks like a card number, which is typed into the fields of the payment provider alone'
    : undefined)

/**
 * Refuses what no schema should have to look at: names that reach prototypes, bottomless nesting,
 * texts that cannot be kept. @throws validation_failed
 */
export function refuseFault(part: string, value: unknown, judge = judgeText): void {
  const fault = findFault(value, 1, judge)
  if (fault === undefined) return
  const path = fault.place.length < MAX_DEPTH ? pathOf(part, fault.place) : part
  const errors = [{ path, message: fault.message }]
  throw generalProblem('validation_failed', { detail: `${path} ${fault.message}`, errors })
}

/** As `refuseFault`, for a body; numbers of articles and parcels, which staff write, may be any. */
export function refuseFaultyBody(route: Pick<RouteSpec, 'access'>, json: unknown): void {
  const isForShoppers = route.access.some((access) => NOT_FOR_STAFF_ALONE.has(access))
  refuseFault('body', json, isForShoppers ? judgeShoppersText : judgeText)
}

function findFault(value: unknown, depth: number, judge: Judge): Fault | undefined {
  const fault = (message: string) => ({ place: [], message })
  if (typeof value === 'string') {
    const message = judge(value)
    return message === undefined ? undefined : fault(message)
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > MAX_DEPTH) return fault(`is nested deeper than ${MAX_DEPTH} levels`)
  if (!Array.isArray(value) && Object.keys(value).some((name) => RESERVED_NAMES.has(name))) {
    return fault('has a member with a reserved name')
  }
  for (const [name, member] of Object.entries(value)) {
    const inside = findFault(member, depth + 1, judge)
    if (!inside) continue
    const key = Array.isArray(value) ? Number(name) : name
    return { ...inside, place: [key, ...inside.place] }
  }
  return undefined
}

/** `body.lines[0].sku` */
export function pathOf(part: string, place: Place): string {
  return place.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    part,
  )
}
