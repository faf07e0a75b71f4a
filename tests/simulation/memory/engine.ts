import pg from 'pg'

/**
 * A database in memory with what the path of an order leans on: transactions that read what is
 * committed, row locks held to the end, unique keys that wait for a rival's, checks, rollback and
 * deadlocks found. It knows no SQL: statements are functions (`twins/`).
 */
export type Transaction = Readonly<{
  id: number
  /** Resolves when it is committed or rolled back. */
  ended: Promise<void>
  isOver(): boolean
  commit(): void
  rollback(): void
  /** Runs one statement: all of it, or nothing of it but its locks. */
  statement<T>(work: () => T): T
  /** Notes for whom it waits. @throws a deadlock */
  waitFor(other: Transaction | null): void
}>

type Inner = Transaction & {
  readonly cells: Set<Cell<unknown>>
  readonly onCommit: (() => void)[]
  undo: (() => void)[]
  waits: Inner | null
}

type Cell<Row> = {
  committed: Row | undefined
  dirty: Row | undefined
  owner: Inner | null
  drop(): void
}

/** A statement has met a row that another transaction holds: it is to be run again after it. */
export class Blocked extends Error {
  readonly by: Transaction
  constructor(by: Transaction) {
    super('A row is locked')
    this.by = by
  }
}

/** An error as PostgreSQL would give it. */
export function refusal(code: string, message: string): Error {
  const error = new pg.DatabaseError(message, message.length, 'error')
  error.code = code
  return error
}

let transactions = 0

export function beginTransaction(): Transaction {
  transactions += 1
  const { promise, resolve } = Promise.withResolvers<void>()
  let over = false
  const end = (keep: boolean) => {
    if (over) return
    over = true
    for (const cell of inner.cells) {
      if (keep) cell.committed = cell.dirty
      cell.dirty = undefined
      cell.owner = null
      if (cell.committed === undefined) cell.drop()
    }
    if (keep) for (const told of inner.onCommit) told()
    resolve()
  }
  const inner: Inner = {
    id: transactions,
    ended: promise,
    cells: new Set(),
    onCommit: [],
    undo: [],
    waits: null,
    isOver: () => over,
    commit: () => end(true),
    rollback: () => end(false),
    statement(work) {
      inner.undo = []
      try {
        return work()
      } catch (error) {
        for (const back of inner.undo.reverse()) back()
        throw error
      }
    },
    waitFor(other) {
      inner.waits = other as Inner | null
      for (let next = inner.waits; next; next = next.waits) {
        if (next !== inner) continue
        inner.waits = null
        throw refusal('40P01', 'deadlock detected')
      }
    },
  }
  return inner
}

export type Table<Row> = Readonly<{
  find(tx: Transaction, key: string): Row | undefined
  /** Rows that the transaction sees, in order of their keys. */
  list(tx: Transaction, where?: (row: Row) => boolean): Row[]
  /** Rows as they are committed, by key. */
  committed(): Row[]
  /** @throws Blocked */
  lock(tx: Transaction, key: string): Row | undefined
  isLocked(tx: Transaction, key: string): boolean
  /** @returns false if a row with its key, or a unique value of it, is there. @throws Blocked */
  insert(tx: Transaction, row: Row): boolean
  /** @throws Blocked, or what PostgreSQL throws for a check or a unique key */
  update(tx: Transaction, key: string, change: Partial<Row>): Row
  remove(tx: Transaction, key: string): void
  keyOf(row: Row): string
}>

export type TableOptions<Row> = Readonly<{
  key(row: Row): string
  check?(row: Row): boolean
  /** Further unique keys; null: the row has none. */
  unique?(row: Row): string | null
  /** Told of each row that is committed, new or changed. */
  watch?(row: Row, before: Row | undefined): void
}>

export function createTable<Row extends object>(
  name: string,
  { key: keyOf, check = () => true, unique, watch }: TableOptions<Row>,
): Table<Row> {
  const cells = new Map<string, Cell<Row>>()

  const seen = (cell: Cell<Row>, tx: Transaction) =>
    cell.owner === tx ? cell.dirty : cell.committed

  function hold(tx: Transaction, key: string): Cell<Row> {
    const inner = tx as Inner
    let cell = cells.get(key)
    if (!cell) {
      cell = { committed: undefined, dirty: undefined, owner: null, drop: () => cells.delete(key) }
      cells.set(key, cell)
    }
    if (cell.owner && cell.owner !== inner) throw new Blocked(cell.owner)
    if (!cell.owner) {
      cell.owner = inner
      cell.dirty = cell.committed
      inner.cells.add(cell as Cell<unknown>)
    }
    return cell
  }

  function write(tx: Transaction, cell: Cell<Row>, row: Row | undefined): void {
    if (row !== undefined && !check(row)) throw refusal('23514', `${name}: a check is violated`)
    const inner = tx as Inner
    const before = cell.dirty
    inner.undo.push(() => {
      cell.dirty = before
    })
    cell.dirty = row
    if (watch && row !== undefined) {
      const old = cell.committed
      inner.onCommit.push(() => {
        if (cell.committed === row) watch(row, old)
      })
    }
  }

  /** Whether another row has the same unique value. */
  function isTaken(tx: Transaction, row: Row, own: string): boolean {
    const value = unique?.(row) ?? null
    if (value === null || !unique) return false
    for (const [key, cell] of cells) {
      if (key === own) continue
      const rows = cell.owner === tx ? [cell.dirty] : [cell.committed, cell.dirty]
      if (!rows.some((one) => one !== undefined && unique(one) === value)) continue
      if (cell.owner && cell.owner !== tx) throw new Blocked(cell.owner)
      return true
    }
    return false
  }

  return {
    keyOf,
    find(tx, key) {
      const cell = cells.get(key)
      return cell && seen(cell, tx)
    },
    list(tx, where = () => true) {
      const rows: Row[] = []
      for (const cell of cells.values()) {
        const row = seen(cell, tx)
        if (row !== undefined && where(row)) rows.push(row)
      }
      return rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    },
    committed: () =>
      [...cells.values()].flatMap((cell) => (cell.committed === undefined ? [] : [cell.committed])),
    lock(tx, key) {
      const cell = cells.get(key)
      if (!cell || (cell.owner !== tx && cell.committed === undefined)) return undefined
      return hold(tx, key).dirty
    },
    isLocked(tx, key) {
      const owner = cells.get(key)?.owner
      return owner !== undefined && owner !== null && owner !== tx
    },
    insert(tx, row) {
      const key = keyOf(row)
      const cell = hold(tx, key)
      if (cell.dirty !== undefined || isTaken(tx, row, key)) return false
      write(tx, cell, row)
      return true
    },
    update(tx, key, change) {
      const cell = hold(tx, key)
      if (cell.dirty === undefined) throw new Error(`${name} has no ${key}`)
      const row = { ...cell.dirty, ...change }
      if (isTaken(tx, row, key)) throw refusal('23505', `${name}: a unique key is taken`)
      write(tx, cell, row)
      return row
    },
    remove(tx, key) {
      write(tx, hold(tx, key), undefined)
    },
  }
}
