import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Metric } from 'prom-client'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Chance } from '../../chance.ts'
import type { GateClass } from './limits.ts'

/**
 * From where on a class is turned away: so many requests are under way in this process, or turns of
 * the event loop take so long. What a shop lives on goes last; a reply late is a reply lost.
 */
export const SHED_AT: Readonly<Record<GateClass, Readonly<{ running: number; delayMs: number }>>> =
  {
    export: { running: 200, delayMs: 250 },
    admin: { running: 400, delayMs: 500 },
    browse: { running: 800, delayMs: 1_000 },
    page: { running: 800, delayMs: 1_000 },
    account: { running: 1_000, delayMs: 1_300 },
    cart: { running: 1_200, delayMs: 1_600 },
    checkout: { running: 1_600, delayMs: 2_500 },
    webhook: { running: 1_600, delayMs: 2_500 },
  }

const WINDOW_MS = 1_000
const RESOLUTION_MS = 20

export type Shedding = Readonly<{
  /** Whether a request of this class is let in now. */
  hasRoom(traffic: GateClass): boolean
  /** Counts a request in. @throws unavailable if its class is turned away now */
  enter(traffic: GateClass): void
  /** Its reply is on its way, or nobody waits for one any more. */
  leave(): void
  readonly metrics: readonly Metric[]
  stop(): void
}>

/** Turns requests away before they queue up, the least important first. */
export function createShedding({
  chance,
  watch = watchEventLoop(),
}: Readonly<{ chance: Chance; watch?: LoopWatch }>): Shedding {
  let running = 0
  const shed = new Counter({
    name: 'stoa_shed_requests_total',
    help: 'Requests that were turned away because of too much load, by class',
    labelNames: ['class'],
    registers: [],
  })
  const busy = new Gauge({
    name: 'stoa_running_requests',
    help: 'Requests whose answer is not on its way yet',
    registers: [],
    collect() {
      this.set(running)
    },
  })
  const hasRoom = (traffic: GateClass) => {
    const most = SHED_AT[traffic]
    return running < most.running && watch.delayMs() <= most.delayMs
  }
  return {
    metrics: [shed, busy],
    hasRoom,
    enter(traffic) {
      if (!hasRoom(traffic)) {
        shed.inc({ class: traffic })
        // Not all at once again.
        throw generalProblem('unavailable', {
          retryAfterSeconds: 1 + Math.floor(chance.float() * 4),
        })
      }
      running += 1
    },
    leave() {
      running -= 1
    },
    stop: watch.stop,
  }
}

export type LoopWatch = Readonly<{ delayMs(): number; stop(): void }>

/** The usual delay of the event loop in the last second: one long turn alone is no load. */
function watchEventLoop(): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  let delayMs = 0
  const timer = setInterval(() => {
    delayMs = histogram.count > 2 ? Math.max(0, histogram.percentile(50) / 1e6 - RESOLUTION_MS) : 0
    histogram.reset()
  }, WINDOW_MS)
  timer.unref()
  return {
    delayMs: () => delayMs,
    stop() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
