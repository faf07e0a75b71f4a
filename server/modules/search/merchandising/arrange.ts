import type { SearchFilters, SearchHit, SearchQuery, SearchResult } from '../engine/index.ts'
import { MAX_POSITION } from '../engine/index.ts'
import type { Ranking } from './model.ts'

/** Rules move what is among so many of the best; what stands behind follows as it is. */
const WINDOW = 500

type Target = Extract<Ranking['effect'], { target: unknown }>['target']

export type Arranging = Readonly<{
  query: SearchQuery
  rankings: readonly Ranking[]
  ask(query: SearchQuery): Promise<SearchResult | null>
  /** Those of these products that can be bought. */
  soldOf(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Categories from the top down to this one; empty if there is none. */
  pathOf(categoryId: string): Promise<readonly string[]>
}>

/** What a rule did: its products among those that are shown. */
export type Moved = Readonly<{ ranking: Ranking; productIds: readonly string[] }>

export type Arranged = Readonly<{ found: SearchResult; moved: readonly Moved[] }>

/** Whether rules may arrange: they leave the order that a shopper asked for. */
export function mayArrange({ text, sort }: SearchQuery): boolean {
  return sort === 'relevance' || (!text && sort === 'popular')
}

/** Asks for more than is shown, lifts, sinks and pins, and cuts out the page. Null: no index. */
export async function searchArranged(arranging: Arranging): Promise<Arranged | null> {
  const { query, rankings, ask } = arranging
  const [page, limit] = [query.page ?? 1, query.limit ?? 20]
  const [from, to] = [(page - 1) * limit, page * limit]
  const wide = { ...query, page: 1, limit: Math.min(MAX_POSITION, Math.max(WINDOW, to)) }
  const [found, narrower] = await Promise.all([ask(wide), askNarrower(arranging)])
  if (!found) return null
  const best = orderBest(found.hits.slice(0, WINDOW), narrower)
  const pins = await pinsOf(arranging, found)
  const known = new Set([...best, ...pins].map(({ id }) => id))
  const behind = found.hits.slice(WINDOW).filter(({ id }) => !known.has(id))
  const hits = [...placePins(best, pins), ...behind].slice(from, to)
  const isWhole = found.hits.length === found.total
  const inFound = new Set(found.hits.map(({ id }) => id))
  const added = isWhole ? pins.filter(({ id }) => !inFound.has(id)).length : 0
  return {
    found: { ...found, hits, total: found.total + added },
    moved: movedBy({ rankings, hits, pins, narrower }),
  }
}

/** What each rule that lifts or sinks concerns; `hits` where the index was asked for them. */
type Members = Readonly<{ ids: ReadonlySet<string>; hits: readonly SearchHit[] }>
type Narrower = ReadonlyMap<Ranking, Members>

async function askNarrower({ query, rankings, ask, pathOf }: Arranging): Promise<Narrower> {
  const answers = await Promise.all(
    rankings.map(async (ranking): Promise<[Ranking, Members] | null> => {
      if (ranking.effect.kind === 'pin') return null
      const { target } = ranking.effect
      if ('productIds' in target) return [ranking, { ids: new Set(target.productIds), hits: [] }]
      const filters = await narrowed(query.filters ?? {}, target, pathOf)
      if (!filters) return null
      const found = await ask({ ...query, filters, page: 1, limit: WINDOW, facets: false })
      const hits = found?.hits ?? []
      return [ranking, { ids: new Set(hits.map(({ id }) => id)), hits }]
    }),
  )
  return new Map(answers.filter((answer) => answer !== null))
}

/** The shopper's filters and the target together; null if they exclude each other. */
async function narrowed(
  filters: SearchFilters,
  target: Exclude<Target, { productIds: unknown }>,
  pathOf: Arranging['pathOf'],
): Promise<SearchFilters | null> {
  if ('brand' in target) {
    const { brand } = target
    return !filters.brands || filters.brands.includes(brand)
      ? { ...filters, brands: [brand] }
      : null
  }
  const path = await pathOf(target.categoryId)
  const [chosen] = filters.categories ?? []
  const isBelow = chosen === undefined || path.includes(chosen)
  return path.length > 0 && isBelow ? { ...filters, categories: [target.categoryId] } : null
}

/** The best in their new order, with those that a boost brought up from behind. */
function orderBest(best: readonly SearchHit[], narrower: Narrower): SearchHit[] {
  const hits = new Map(best.map((hit) => [hit.id, hit]))
  const factors = new Map<string, number>()
  const buried = new Set<string>()
  for (const [{ effect }, members] of narrower) {
    if (effect.kind === 'bury') for (const id of members.ids) buried.add(id)
    if (effect.kind !== 'boost') continue
    for (const hit of members.hits) if (!hits.has(hit.id)) hits.set(hit.id, hit)
    for (const id of members.ids) factors.set(id, (factors.get(id) ?? 1) * effect.factor)
  }
  return [...hits.values()]
    .map((hit) => boosted(hit, factors.get(hit.id)))
    .toSorted((a, b) => {
      const sunk = Number(buried.has(a.id)) - Number(buried.has(b.id))
      return sunk === 0 ? b.score - a.score : sunk
    })
}

function boosted(hit: SearchHit, factor: number | undefined): SearchHit {
  if (factor === undefined) return hit
  const score = hit.score * factor
  if (!hit.explanation) return { ...hit, score }
  const boosts = { ...hit.explanation.boosts, rule: factor }
  return { ...hit, score, explanation: { ...hit.explanation, boosts, score } }
}

type Pin = SearchHit & Readonly<{ position: number; ranking: Ranking }>

/**
 * Pinned products in order of their places; of two rules that want one product or one place, the
 * first wins. A shopper's filters hold for pinned products too.
 */
async function pinsOf(
  { query, rankings, soldOf }: Arranging,
  { hits }: SearchResult,
): Promise<readonly Pin[]> {
  const found = new Map(hits.map((hit) => [hit.id, hit]))
  const pins = new Map<string, Pin>()
  const places = new Set<number>()
  for (const ranking of rankings) {
    if (ranking.effect.kind !== 'pin') continue
    for (const { productId: id, position } of ranking.effect.products) {
      if (pins.has(id) || places.has(position)) continue
      if (!found.has(id) && isFiltered(query)) continue
      places.add(position)
      pins.set(id, { ...(found.get(id) ?? { id, score: 0 }), position, ranking })
    }
  }
  if (pins.size === 0) return []
  const sold = await soldOf([...pins.keys()])
  return [...pins.values()].filter(({ id }) => sold.has(id)).sort((a, b) => a.position - b.position)
}

function isFiltered({ filters = {} }: SearchQuery): boolean {
  return Object.keys(filters).some((name) => name !== 'categories')
}

function placePins(best: readonly SearchHit[], pins: readonly Pin[]): SearchHit[] {
  const pinned = new Set(pins.map(({ id }) => id))
  const list = best.filter(({ id }) => !pinned.has(id))
  for (const { position, ranking: _, ...hit } of pins) list.splice(position - 1, 0, hit)
  return list
}

function movedBy({
  rankings,
  hits,
  pins,
  narrower,
}: Readonly<{
  rankings: readonly Ranking[]
  hits: readonly SearchHit[]
  pins: readonly Pin[]
  narrower: Narrower
}>): Moved[] {
  return rankings.map((ranking) => {
    const ids =
      ranking.effect.kind === 'pin'
        ? new Set(pins.filter((pin) => pin.ranking === ranking).map(({ id }) => id))
        : narrower.get(ranking)?.ids
    return { ranking, productIds: hits.map(({ id }) => id).filter((id) => ids?.has(id)) }
  })
}
