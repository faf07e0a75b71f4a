import { cleanSize, type GrocerSize } from './sizes.ts'

export type GrocerItem = Readonly<{
  id: string
  maker: string
  brand: string
  department: string
  category: string
  type: string
  rawSize: string
  size?: GrocerSize
  weightGrams?: number
}>

export type GrocerGroup = Readonly<{
  items: readonly GrocerItem[]
  /** The options by which the items of the group differ; none if there is one item. */
  options: readonly ('Size' | 'Variety')[]
}>

const mostVariants = 24

const lineOf = ({ maker, brand, department, category, type, size, rawSize }: GrocerItem) =>
  [maker, brand, department, category, type, size?.family ?? cleanSize(rawSize)].join('|')

const sizeOf = (item: GrocerItem) => item.size?.label ?? cleanSize(item.rawSize)

function chunk(items: readonly GrocerItem[]): readonly (readonly GrocerItem[])[] {
  const count = Math.ceil(items.length / mostVariants)
  const length = Math.ceil(items.length / count)
  return Array.from({ length: count }, (_, i) => items.slice(i * length, (i + 1) * length))
}

function toGroup(items: readonly GrocerItem[]): GrocerGroup {
  const sizes = new Set(items.map(sizeOf))
  const isRepeated = sizes.size < items.length
  const options = [
    ...(sizes.size > 1 ? ['Size' as const] : []),
    ...(isRepeated ? ['Variety' as const] : []),
  ]
  return { items, options: items.length > 1 ? options : [] }
}

/**
 * One product for the rows of one maker, brand kind and type whose sizes are measured alike.
 * Rows that differ in size alone are sizes; rows that the source does not tell apart are
 * numbered varieties. A line
 * of more than 24 rows is cut by size, and a size of more than 24 into ranges in order of number.
 */
export function groupItems(items: readonly GrocerItem[]): readonly GrocerGroup[] {
  const groups: GrocerGroup[] = []
  for (const line of Map.groupBy(items, lineOf).values()) {
    if (line.length <= mostVariants) {
      groups.push(toGroup(line))
      continue
    }
    for (const size of Map.groupBy(line, sizeOf).values()) {
      for (const part of chunk(size)) groups.push(toGroup(part))
    }
  }
  return groups
}
