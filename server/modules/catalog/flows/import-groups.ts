import type { ImportRowError } from '#contracts/catalog/import.ts'
import { checkProduct, type ImportRow, type ImportWorld } from './import-rows.ts'

/** A record of a file of which several make one product; `row` counts them from 1. */
type Record = Readonly<{ row: number; size: number }>
export type RecordFault = Record & Readonly<{ fault: string }>

/** A product made of its records, not yet checked. */
export type BuiltProduct = Readonly<{
  row: number
  value: unknown
  /** Which record a field came from; undefined for the product's own. */
  rowOf(field: string): number | undefined
}>

/** How records of one kind of file become products. */
export type Dialect<R extends Record> = Readonly<{
  refOf(record: R): string
  /** What is wrong with a record by itself. */
  check(record: R): readonly ImportRowError[]
  /** @param all the good ones among them and those that were left out. */
  build(records: readonly R[], all: readonly R[]): BuiltProduct
}>

/** More records than these of one product are refused, so that a file cannot fill the memory. */
const GROUP_MAX = 5_000

/** Products of records, those of one product following each other. */
export async function* readGroups<R extends Record>(
  records: AsyncIterable<readonly (R | RecordFault)[]>,
  dialect: Dialect<R>,
  { world, after }: Readonly<{ world: ImportWorld; after: number }>,
): AsyncGenerator<ImportRow[]> {
  let group: R[] = []
  let ref = ''
  const close = (): ImportRow[] => {
    const rows = group.length > 0 ? [readGroup(group, dialect, world)] : []
    group = []
    return rows
  }
  function* take(record: R | RecordFault): Generator<ImportRow> {
    if ('fault' in record) {
      yield* close()
      yield refusal(record.row, record.fault)
      return
    }
    const own = dialect.refOf(record)
    if (own !== ref) yield* close()
    else if (group.length >= GROUP_MAX) {
      yield* close()
      yield refusal(record.row, `is one of more than ${GROUP_MAX} rows of one product`)
      return
    }
    ref = own
    group.push(record)
  }
  for await (const many of records) {
    yield many.filter(({ row }) => row > after).flatMap((record) => [...take(record)])
  }
  yield close()
}

function refusal(row: number, message: string): ImportRow {
  return { row, errors: [{ row, field: '', message }] }
}

/**
 * One product of its records. A record that is wrong by itself is left out and reported; the rest
 * is read without it. What is wrong with the product as a whole refuses all of them.
 */
function readGroup<R extends Record>(
  records: readonly R[],
  dialect: Dialect<R>,
  world: ImportWorld,
): ImportRow {
  const errors: ImportRowError[] = []
  let good = records.filter((record) => {
    const wrong = dialect.check(record)
    errors.push(...wrong)
    return wrong.length === 0
  })
  const lastRow = records.at(-1)?.row ?? 0
  const row = records[0]?.row ?? 0
  while (good.length > 0) {
    const built = dialect.build(good, records)
    const size = good.reduce((sum, record) => sum + record.size, 0)
    const checked = checkProduct({ row: built.row, size }, built.value, world)
    if (!('errors' in checked)) return { ...checked, lastRow, faults: errors }
    const placed = checked.errors.map((error) => ({ ...error, row: built.rowOf(error.field) }))
    errors.push(...placed.map((error) => ({ ...error, row: error.row ?? row })))
    const bad = new Set(placed.map((error) => error.row))
    good = bad.has(undefined) ? [] : good.filter((record) => !bad.has(record.row))
  }
  return { row, lastRow, errors }
}
