import * as contract from '#contracts/search/admin.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/db/statement.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { changeBy, versioned } from '../../platform/http/etag.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { Administration } from './merchandising/administration.ts'
import type { MerchandiseKeeper } from './merchandising/keeper.ts'
import { previewRule } from './merchandising/preview.ts'
import { type Days, exportReport, type ReportName, readReport } from './query-log/reports.ts'
import type { Searcher } from './searcher.ts'

type Deps = Readonly<{
  /** Where reports read. */
  reports: Queryable
  clock: Clock
  catalog: CatalogApi
  pricing: PricingApi
  search: Searcher
  merchandise: MerchandiseKeeper
  administration: Administration
}>

const USUAL_LIMIT = 20

const NOTHING = { status: 204, body: undefined } as const

/** What operators do with the search. */
export function adminBindings(deps: Deps): readonly Binding[] {
  return [
    ...synonymBindings(deps.administration),
    ...ruleBindings(deps),
    ...reportBindings(deps),
    bind(contract.listSearchChanges, async ({ query }) => ({
      status: 200,
      body: await deps.administration.changes(query),
    })),
  ]
}

function synonymBindings({ synonyms }: Administration): Binding[] {
  return [
    bind(contract.listSynonyms, async ({ query }) => ({
      status: 200,
      body: await synonyms.list(query),
    })),
    bind(contract.createSynonym, async ({ body }, context) =>
      versioned(201, await synonyms.create({ ...changeBy(context), written: body })),
    ),
    bind(contract.getSynonym, async ({ params }) =>
      versioned(200, await synonyms.get(params.synonymId)),
    ),
    bind(contract.replaceSynonym, async ({ params: { synonymId: id }, body }, context) =>
      versioned(200, await synonyms.replace({ ...changeBy(context), id, written: body })),
    ),
    bind(contract.removeSynonym, async ({ params: { synonymId: id } }, context) => {
      await synonyms.remove({ ...changeBy(context), id })
      return NOTHING
    }),
  ]
}

function ruleBindings(deps: Deps): Binding[] {
  const { rules } = deps.administration
  return [
    bind(contract.listRules, async ({ query }) => ({ status: 200, body: await rules.list(query) })),
    bind(contract.createRule, async ({ body }, context) =>
      versioned(201, await rules.create({ ...changeBy(context), written: body })),
    ),
    bind(contract.getRule, async ({ params }) => versioned(200, await rules.get(params.ruleId))),
    bind(contract.replaceRule, async ({ params: { ruleId: id }, body }, context) =>
      versioned(200, await rules.replace({ ...changeBy(context), id, written: body })),
    ),
    bind(contract.removeRule, async ({ params: { ruleId: id } }, context) => {
      await rules.remove({ ...changeBy(context), id })
      return NOTHING
    }),
    bind(contract.previewRule, async ({ params, query }) => {
      const { q = '', category, limit = USUAL_LIMIT, currency, country } = query
      const market = await deps.pricing.market({ currency, country })
      const asked = { q, category, limit, page: 1, attributes: {}, ...market }
      const sort = q === '' ? ('popular' as const) : ('relevance' as const)
      const rule = await rules.get(params.ruleId)
      return { status: 200, body: await previewRule(deps, rule, { ...asked, sort }) }
    }),
  ]
}

function reportBindings(deps: Deps): Binding[] {
  const csv = async (name: ReportName, days: Days) => ({
    status: 200 as const,
    body: await exportReport(deps, name, days),
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="search-${name}.csv"`,
    },
  })
  return [
    bind(contract.reportQueries, async ({ query }) => ({
      status: 200,
      body: await readReport(deps, 'queries', query),
    })),
    bind(contract.reportZeroResults, async ({ query }) => ({
      status: 200,
      body: await readReport(deps, 'zero-results', query),
    })),
    bind(contract.exportQueries, async ({ query }) => csv('queries', query)),
    bind(contract.exportZeroResults, async ({ query }) => csv('zero-results', query)),
  ]
}
