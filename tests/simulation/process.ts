import type { Clock } from '../../server/platform/clock.ts'
import type { Wire } from './memory/database.ts'
import type { Transaction } from './memory/engine.ts'
import type { Draw, Scheduler } from './scheduler.ts'

/** What may go wrong, and how often; all of it stops when the faults are over. */
export type Faults = {
  on: boolean
  /** Of a process, at an await point. */
  crash: number
  /** Of the line to the database, at a statement or a commit. */
  line: number
  /** Of anything that waits: it waits long. */
  slow: number
  /** Of a message of the bus: doubled, late, out of order, forgotten as delivered. */
  bus: number
  /** Of a call to the bank: lost before or after, an error, late. */
  bank: number
  /** Of a webhook: lost, doubled. */
  webhook: number
  /** Of a process's clock: it jumps by up to ten minutes. */
  clock: number
}

class ProcessDied extends Error {}

/** One life of a server process: from its start to its crash. */
export type Process = Wire &
  Readonly<{
    name: string
    clock: Clock
    isAlive(): boolean
    /** Whether a call may be cut here by a crash of this process. */
    die(): void
    /** What somebody outside asks of it. @throws ProcessDied if it dies before the answer */
    call<T>(work: () => Promise<T>): Promise<T>
    /** Resolves after a while, if the process still lives then. */
    sleep(ms: number): Promise<void>
  }>

type Deps = Readonly<{
  scheduler: Scheduler
  draw: Draw
  faults: Faults
  name: string
  /** How far its clock is off. */
  skewMs: number
  onDeath(): void
  complain(what: string): void
}>

export function startProcess(deps: Deps): Process {
  const { scheduler, draw, faults, name, skewMs, onDeath } = deps
  let alive = true
  const transactions = new Set<Transaction>()
  const callers = new Set<(error: Error) => void>()

  function die(): void {
    if (!alive) return
    alive = false
    for (const transaction of transactions) transaction.rollback()
    for (const reject of callers) reject(new ProcessDied(name))
    callers.clear()
    onDeath()
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      if (alive) scheduler.after(ms, () => alive && resolve())
    })

  const now = () => new Date(scheduler.nowMs() + (faults.on ? skewMs : 0))

  return {
    name,
    isAlive: () => alive,
    die,
    sleep,
    nowMs: scheduler.nowMs,
    clock: {
      now,
      monotonicMs: scheduler.nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (!alive) return
          if (signal?.aborted) return resolve()
          const cancel = scheduler.after(ms, () => alive && resolve())
          signal?.addEventListener('abort', () => {
            cancel()
            resolve()
          })
        }),
    },
    pause() {
      if (faults.on && alive && draw.chance(faults.crash)) die()
      const isSlow = faults.on && draw.chance(faults.slow)
      return sleep(isSlow ? draw.between(50, 4_000) : draw.between(0.1, 2))
    },
    breaks(at) {
      if (!faults.on || !draw.chance(faults.line)) return null
      return at === 'commit' && draw.chance(0.5) ? 'after' : 'before'
    },
    complain: deps.complain,
    opened(transaction) {
      transactions.add(transaction)
      void transaction.ended.then(() => transactions.delete(transaction))
    },
    call(work) {
      if (!alive) return Promise.reject(new ProcessDied(name))
      return new Promise((resolve, reject) => {
        callers.add(reject)
        work().then(
          (value) => {
            if (callers.delete(reject)) resolve(value)
          },
          (error: unknown) => {
            if (callers.delete(reject)) reject(error)
          },
        )
      })
    },
  }
}

/** Another service that a process asks: each call takes its time on the way there and back. */
export function remote<Api extends object>(process: Process, api: Api): Api {
  return new Proxy(api, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function') return method
      return async (...input: unknown[]) => {
        await process.pause()
        const answer: unknown = await Reflect.apply(method, target, input)
        await process.pause()
        return answer
      }
    },
  })
}
