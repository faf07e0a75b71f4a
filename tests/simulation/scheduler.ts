import type { Chance } from '../../server/platform/chance.ts'

/**
 * Virtual time and the order of everything: what is to happen lies in a heap by its time, and one
 * thing happens after the other. Whoever waits a random while thereby takes its place by chance,
 * and the chance is seeded.
 */
export type Scheduler = Readonly<{
  /** Milliseconds since 1970 of the one true clock. */
  nowMs(): number
  /** @returns what takes the call back */
  after(ms: number, work: () => void): () => void
  sleep(ms: number): Promise<void>
  /** Runs until nothing is left to happen, or until `until` says so. */
  run(until?: () => boolean): Promise<void>
  /** How many things have happened. */
  steps(): number
}>

type Task = Readonly<{ at: number; n: number; work: () => void }> & { dropped?: boolean }

const START = Date.UTC(2026, 2, 1, 12)
/** A seed that goes on for longer than this runs in a circle. */
const MOST_STEPS = 400_000

/**
 * Microtasks, and what they start in turn, have all run when this resolves: ticks come after the last of them.
 * A turn of the event loop would do as well, at several times the price.
 */
const settled = () => new Promise<void>((resolve) => process.nextTick(resolve))

export function createScheduler(): Scheduler {
  const heap: Task[] = []
  let now = START
  let count = 0
  let steps = 0

  const before = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.n < b.n)

  function push(task: Task): void {
    let place = heap.push(task) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!before(task, heap[parent] as Task)) break
      heap[place] = heap[parent] as Task
      place = parent
    }
    heap[place] = task
  }

  function pop(): Task | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let place = 0
    for (;;) {
      let child = place * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Task, heap[child] as Task))
        child += 1
      if (!before(heap[child] as Task, last)) break
      heap[place] = heap[child] as Task
      place = child
    }
    heap[place] = last
    return first
  }

  function after(ms: number, work: () => void): () => void {
    count += 1
    const task: Task = { at: now + Math.max(0, ms), n: count, work }
    push(task)
    return () => {
      task.dropped = true
    }
  }

  return {
    nowMs: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    steps: () => steps,
    async run(until = () => false) {
      const immediates = captureImmediates()
      try {
        for (;;) {
          await settled()
          for (let next = immediates.shift(); next; next = immediates.shift()) {
            next()
            await settled()
          }
          if (until()) return
          const task = pop()
          if (!task) return
          if (task.dropped) continue
          steps += 1
          if (steps > MOST_STEPS) throw new Error(`Not over after ${MOST_STEPS} steps`)
          now = Math.max(now, task.at)
          task.work()
        }
      } finally {
        immediates.giveBack()
      }
    },
  }
}

/** Micro-batchers begin in the next turn of the event loop: that turn is ours to order. */
function captureImmediates() {
  const waiting: (() => void)[] = []
  const own = globalThis.setImmediate
  globalThis.setImmediate = ((work: () => void) =>
    void waiting.push(work)) as unknown as typeof setImmediate
  return {
    shift: () => waiting.shift(),
    giveBack() {
      globalThis.setImmediate = own
    },
  }
}

/** Draws for a simulation, all from one seed. */
export type Draw = Readonly<{
  /** 0 … below − 1 */
  below(limit: number): number
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}>

export function drawFrom(chance: Chance): Draw {
  const below = (limit: number) => Math.floor(chance.float() * limit)
  return {
    below,
    between: (low, high) => low + chance.float() * (high - low),
    chance: (probability) => chance.float() < probability,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  }
}
