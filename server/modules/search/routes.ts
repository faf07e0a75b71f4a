import { generalProblem } from '#contracts/kit/problem.ts'
import * as contract from '#contracts/search/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { SearchApi } from './api.ts'

const USUAL_LIMIT = 20
const USUAL_SUGGESTIONS = 8
const MAX_NAME = 100
const MAX_VALUE = 200
/** What is told to operators alone must not be kept for everyone. */
const UNSHARED = { 'cache-control': 'private, no-store' }

export function searchBindings({
  api,
  pricing,
}: Readonly<{ api: SearchApi; pricing: PricingApi }>): readonly Binding[] {
  return [
    bind(contract.search, async ({ query }, { actor }) => {
      if (query.explain && actor.kind !== 'operator') throw generalProblem('forbidden')
      const { currency, country, q = '', ...asked } = query
      const attributes = readAttributes(query)
      const market = await pricing.market({ currency, country })
      const { sort = 'relevance', page = 1, limit = USUAL_LIMIT } = asked
      const input = { ...asked, q, attributes, sort, page, limit, ...market }
      const headers = query.explain ? UNSHARED : {}
      return { status: 200, body: await api.search(input), headers }
    }),
    bind(contract.suggest, async ({ query: { q, limit = USUAL_SUGGESTIONS } }) => ({
      status: 200,
      body: await api.suggest({ q, limit }),
    })),
  ]
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
