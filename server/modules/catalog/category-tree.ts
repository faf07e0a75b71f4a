import type { CategoryNode, CategoryRef } from '#contracts/catalog/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { type EffectiveSchema, inheritSchema, NO_RULES } from './attribute-schema.ts'
import { LIFETIMES_MS } from './lifetimes.ts'
import { type CategoryRow, listCategoryRows } from './repository.ts'

export type TreeNode = Readonly<{
  ref: CategoryRef
  code: string
  /** Archived ones are in no list, and still the place of their products. */
  isActive: boolean
  /** Rules of its products' attributes, inherited ones among them. */
  attributeSchema: EffectiveSchema
  /** From the top down to this one. */
  path: readonly CategoryRef[]
  /** Code of the top-level category. */
  department: string
  /** Active products of the branch. */
  productCount: number
  children: readonly TreeNode[]
}>

type Tree = Readonly<{
  roots: readonly TreeNode[]
  byId: ReadonlyMap<string, TreeNode>
  bySlug: ReadonlyMap<string, TreeNode>
  byCode: ReadonlyMap<string, TreeNode>
  loadedAt: number
}>

export type CategoryTree = Readonly<{
  roots(): Promise<readonly TreeNode[]>
  /** By id or slug, also one that it had before. */
  find(idOrSlug: string): Promise<TreeNode | undefined>
  byCode(): Promise<ReadonlyMap<string, TreeNode>>
  byId(): Promise<ReadonlyMap<string, TreeNode>>
  /** The node of a product's category, which is there. */
  get(id: string): Promise<TreeNode>
  /** Reads the tree again at the next call. */
  drop(): void
}>

/** The whole category tree, kept in the process: it is small, and every page needs a part of it. */
export function createCategoryTree({ db, clock }: { db: Database; clock: Clock }): CategoryTree {
  let tree: Promise<Tree> | undefined
  let loaded: Tree | undefined

  function load(): Promise<Tree> {
    const reading = listCategoryRows(db).then((rows) => {
      const fresh = buildTree(rows, clock.monotonicMs())
      if (tree === reading) loaded = fresh
      return fresh
    })
    tree = reading
    reading.catch(() => {
      if (tree === reading) tree = undefined
    })
    return reading
  }

  function drop(): void {
    tree = undefined
    loaded = undefined
  }

  async function current(): Promise<Tree> {
    if (loaded && clock.monotonicMs() - loaded.loadedAt > LIFETIMES_MS.categories) drop()
    return loaded ?? (await (tree ?? load()))
  }

  return {
    drop,
    roots: async () => (await current()).roots,
    byCode: async () => (await current()).byCode,
    byId: async () => (await current()).byId,
    async find(idOrSlug) {
      const { byId, bySlug } = await current()
      return byId.get(idOrSlug) ?? bySlug.get(idOrSlug)
    },
    async get(id) {
      const known = (await current()).byId.get(id)
      if (known) return known
      // Made on another node a moment ago.
      const fresh = (await load()).byId.get(id)
      if (!fresh) throw new Error(`No category ${id}`)
      return fresh
    },
  }
}

type Draft = { -readonly [K in keyof TreeNode]: TreeNode[K] } & { children: Draft[] }

/** @param rows parents before children. */
function buildTree(rows: readonly CategoryRow[], loadedAt: number): Tree {
  const roots: Draft[] = []
  const byId = new Map<string, Draft>()
  for (const row of rows) {
    const parent = row.parentId === null ? undefined : byId.get(row.parentId)
    const ref = { id: row.id, slug: row.slug, name: row.name }
    const node: Draft = {
      ref,
      code: row.code,
      isActive: row.isActive,
      attributeSchema: inheritSchema(parent?.attributeSchema ?? NO_RULES, row.attributeSchema),
      path: [...(parent?.path ?? []), ref],
      department: parent?.department ?? row.code,
      productCount: row.productCount,
      children: [],
    }
    byId.set(row.id, node)
    if (row.isActive) (parent?.children ?? roots).push(node)
  }
  for (const row of rows.toReversed()) {
    const parent = row.parentId === null ? undefined : byId.get(row.parentId)
    if (parent && row.isActive) parent.productCount += byId.get(row.id)?.productCount ?? 0
  }
  const nodes = [...byId.values()]
  const past = rows.flatMap(({ id, pastSlugs }) => pastSlugs.map((slug) => [slug, id] as const))
  return {
    roots,
    byId,
    bySlug: new Map([
      ...past.map(([slug, id]) => [slug, byId.get(id) as Draft] as const),
      ...nodes.map((node) => [node.ref.slug, node] as const),
    ]),
    byCode: new Map(nodes.map((node) => [node.code, node])),
    loadedAt,
  }
}

/** Nodes as the contract has them. @param depth levels shown; 1 is the top alone. */
export function toCategoryNodes(nodes: readonly TreeNode[], depth: number): CategoryNode[] {
  if (depth === 0) return []
  return nodes.map(({ ref, productCount, children }) => ({
    ...ref,
    productCount,
    children: toCategoryNodes(children, depth - 1),
  }))
}
