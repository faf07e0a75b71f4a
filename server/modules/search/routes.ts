import { generalProblem } from '#contracts/kit/problem.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import * as contract from '#contracts/search/routes.ts'
import { type Binding, bind, type CallContext } from '../../platform/http/binding.ts'
import { bodyTag } from '../../platform/http/etag.ts'
import { isRobot } from '../../platform/http/robots.ts'
import { visitorOf } from '../../platform/http/visitor.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { SearchApi } from './api.ts'
import { readCursor } from './place.ts'
import type { EventLog } from './query-log/events.ts'

const USUAL_LIMIT = 20
const USUAL_SUGGESTIONS = 8
const MAX_NAME = 100
const MAX_VALUE = 200
/** What is told to operators alone must not be kept for everyone. */
const UNSHARED = { 'cache-control': 'private, no-store' }

export function searchBindings({
  api,
  pricing,
  events,
}: Readonly<{ api: SearchApi; pricing: PricingApi; events: EventLog }>): readonly Binding[] {
  return [
    bind(contract.search, async ({ query }, context) => {
      const { actor } = context
      if (query.explain && actor.kind !== 'operator') throw generalProblem('forbidden')
      const { currency, country, q = '', ...asked } = query
      const attributes = readAttributes(query)
      const market = await pricing.market({ currency, country })
      const { sort = 'relevance', limit = USUAL_LIMIT } = asked
      const place = asked.cursor ? readCursor(asked.cursor, limit) : { page: asked.page ?? 1 }
      const asker = askerOf(context)
      const input = { ...asked, q, attributes, sort, limit, ...market, asker, ...place }
      const result = await api.search(input)
      if (query.explain) return { status: 200, body: result, headers: UNSHARED }
      return { status: 200, ...taggedResult(result) }
    }),
    bind(contract.suggest, async ({ query: { q, locale, limit = USUAL_SUGGESTIONS } }) => ({
      status: 200,
      body: await api.suggest({ q, locale, limit }),
    })),
    bind(contract.recordSearchEvents, async ({ body }, context) => {
      const asker = askerOf(context)
      const told = asker && { ...asker, at: context.receivedAt }
      return { status: 202, body: { accepted: told ? events.record(body.events, told) : 0 } }
    }),
  ]
}

/** The same finds are the same answer, whichever search they answered. */
function taggedResult({ queryId, ...found }: SearchResult) {
  const json = JSON.stringify(found)
  const rawJson = `{"queryId":${JSON.stringify(queryId)},${json.slice(1)}`
  return { body: { rawJson }, headers: { etag: bodyTag(json) } }
}

/** The visitor, as far as he may be known; undefined for who is no shopper. */
function askerOf({ actor, headers }: CallContext) {
  const isShopper = actor.kind === 'guest' || actor.kind === 'customer'
  return isShopper && !isRobot(headers) ? { visitor: visitorOf(actor, headers) } : undefined
}

/**
 * The filters `attr.<name>=<value>` of a query. Several values come by repetition; a comma is part
 * of a value, because values have some ("1,5 m").
 * @throws validation_failed
 */
export function readAttributes(
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, readonly string[]>> {
  const attributes: Record<string, readonly string[]> = Object.create(null)
  for (const [key, value] of Object.entries(query)) {
    if (!key.startsWith('attr.')) continue
    const name = key.slice('attr.'.length).trim()
    const values = (Array.isArray(value) ? value : [value]).map((each) => String(each).trim())
    if (name === '' || name.length > MAX_NAME) throw refusal(key, 'names no attribute')
    if (values.some((each) => each.length > MAX_VALUE)) {
      throw refusal(key, `has values of at most ${MAX_VALUE} letters`)
    }
    attributes[name] = values.filter((each) => each !== '')
  }
  return attributes
}

function refusal(key: string, message: string) {
  const path = `query.${key.slice(0, MAX_NAME)}`
  return generalProblem('validation_failed', {
    detail: `${path} ${message}`,
    errors: [{ path, message }],
  })
}
