export type View = Readonly<{ productId: string; visitor: string | null; at: Date }>

export type ViewBuffer = Readonly<{
  /** False, and nothing done, if too many wait. */
  add(view: View): boolean
  /** The oldest, which stay until they are removed. */
  oldest(limit: number): readonly View[]
  remove(count: number): void
  readonly size: () => number
}>

/** Views that wait to be written: in order, and never more than `capacity`. */
export function createViewBuffer(capacity: number): ViewBuffer {
  let waiting: View[] = []
  return {
    size: () => waiting.length,
    add(view) {
      if (waiting.length >= capacity) return false
      waiting.push(view)
      return true
    },
    oldest: (limit) => waiting.slice(0, limit),
    remove(count) {
      waiting = waiting.slice(count)
    },
  }
}
