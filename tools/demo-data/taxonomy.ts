import { readJsonLines } from './files.ts'
import type { DemoCategory } from './model.ts'
import { toSlug } from './text.ts'

type TaxonomyRow = Readonly<{
  id: string
  name: string
  parent_id: string | null
  level: number
  path: readonly string[]
}>

export type Taxonomy = Readonly<{
  /** The code of the one node whose path ends in these names (`Computers > Laptops`). */
  find(path: string): string
  /** Whether `code` is `ancestor` or lies under it. */
  isWithin(code: string, ancestor: string): boolean
  /** The names from the department down to the node. */
  pathOf(code: string): readonly string[]
  /** The nodes that `codes` use and their ancestors, parents first. */
  prune(codes: ReadonlySet<string>): readonly DemoCategory[]
}>

/** Departments as a shopper would call them, where the taxonomy speaks to merchants. */
const renamed: Readonly<Record<string, string>> = {
  fb: 'Food & Drink',
  me: 'Books & Media',
  na: 'Miscellaneous',
  ap: 'Pets',
  vp: 'Cars & Vehicles',
  pa: 'Warranties & Services',
  bi: 'Business & Industrial',
}

function suffixes(path: readonly string[]): string[] {
  return path.map((_, i) => path.slice(i).join(' > '))
}

/** Shopify's product taxonomy. `find` @throws on a path that names no node, or more than one. */
export function loadTaxonomy(source: string): Taxonomy {
  const rows = readJsonLines<TaxonomyRow>(source, 'taxonomy/shopify_categories.jsonl.gz')
  const byCode = new Map(rows.map((row) => [row.id, row]))
  const bySuffix = new Map<string, string[]>()
  for (const row of rows) {
    for (const suffix of suffixes(row.path)) {
      const codes = bySuffix.get(suffix) ?? []
      bySuffix.set(suffix, [...codes, row.id])
    }
  }
  const get = (code: string): TaxonomyRow => {
    const row = byCode.get(code)
    if (row === undefined) throw new Error(`The taxonomy has no node ${code}.`)
    return row
  }
  return {
    find(path) {
      const codes = bySuffix.get(path) ?? []
      const whole = codes.filter((code) => get(code).path.join(' > ') === path)
      const [code, ...others] = whole.length > 0 ? whole : codes
      if (code === undefined) throw new Error(`The taxonomy has no path "${path}".`)
      if (others.length > 0) throw new Error(`"${path}" is ambiguous: ${codes.join(', ')}.`)
      return code
    },
    isWithin: (code, ancestor) => code === ancestor || code.startsWith(`${ancestor}-`),
    pathOf: (code) => get(code).path,
    prune(codes) {
      const used = new Set<string>()
      for (const code of codes) {
        let row: TaxonomyRow | undefined = get(code)
        while (row !== undefined && !used.has(row.id)) {
          used.add(row.id)
          row = row.parent_id === null ? undefined : get(row.parent_id)
        }
      }
      const kept = rows.filter((row) => used.has(row.id))
      return kept.toSorted((a, b) => a.level - b.level).map(toCategory)
    },
  }
}

function toCategory(row: TaxonomyRow): DemoCategory {
  const name = renamed[row.id] ?? row.name
  const department = renamed[row.path.length === 1 ? row.id : (row.id.split('-')[0] ?? '')]
  const path = department === undefined ? row.path : [department, ...row.path.slice(1)]
  const slug = path.map(toSlug).join('/')
  return { id: row.id, code: row.id, name, parent: row.parent_id, slug }
}
