import type { CategoryNode, Client } from '@stoa/client'
import { kept } from '../../lib/kept.ts'

export type PlacedCategory = Readonly<{
  id: string
  slug: string
  name: string
  department: string
}>

/** The category tree, kept in this process: every page shows a part of it. */
export type Departments = Readonly<{
  /** Top categories that have products, the largest first. */
  list(): Promise<readonly CategoryNode[]>
  find(idOrSlug: string): Promise<PlacedCategory | undefined>
  /** Slugs by category id, for placeholders: read after `list` or `find` has been awaited. */
  slugOf(categoryId: string | undefined): string
}>

type Tree = Readonly<{
  roots: readonly CategoryNode[]
  places: ReadonlyMap<string, PlacedCategory>
}>

const LIFETIME_MS = 5 * 60_000
const EMPTY: Tree = { roots: [], places: new Map() }

export function createDepartments(api: Client, now: () => Date): Departments {
  let current = EMPTY
  const tree = kept(now, LIFETIME_MS, async () => {
    const result = await api.listCategories({ query: { depth: '8' } })
    if (!result.ok) return undefined
    current = index(result.data.items)
    return current
  })
  return {
    list: async () => ((await tree()) ?? EMPTY).roots,
    find: async (idOrSlug) => ((await tree()) ?? EMPTY).places.get(idOrSlug),
    slugOf: (categoryId) => current.places.get(categoryId ?? '')?.slug ?? '',
  }
}

function index(nodes: readonly CategoryNode[]): Tree {
  const places = new Map<string, PlacedCategory>()
  const walk = (node: CategoryNode, department: string) => {
    const { id, slug, name } = node
    const place = { id, slug, name, department }
    places.set(id, place).set(slug, place)
    for (const child of node.children) walk(child, department)
  }
  for (const node of nodes) walk(node, node.slug)
  const roots = nodes
    .filter((node) => node.productCount > 0)
    .toSorted((a, b) => b.productCount - a.productCount)
  return { roots, places }
}
