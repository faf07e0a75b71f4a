import { Counter, Gauge, type Metric } from 'prom-client'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import { createGong } from '../gong.ts'
import type { Log } from '../log.ts'

/**
 * The way to an engine that may be slow or gone without anyone waiting for it. Questions have a
 * budget; after a few that got no answer in time the engine is left alone, and only the link's own
 * probe, in the background, finds out when it is back. (A breaker would send a page to find out.)
 */
export type Link = Readonly<{
  /** The answer, or undefined if the engine is down, failed or did not answer in time. */
  ask<T>(work: () => Promise<T>): Promise<T | undefined>
  /**
   * Tells the engine what it must not miss: if it fails, the link is down until a probe, begun
   * afterwards, has got through. While the link is down nothing is sent; the probe makes up for it.
   */
  tell(work: () => Promise<unknown>): void
  /** The connection broke: nothing is asked until a probe gets through. */
  lose(reason: string): void
  /** The connection is back: probe at once. */
  nudge(): void
  isUp(): boolean
  start(): void
  stop(): Promise<void>
  readonly metrics: readonly Metric[]
}>

export type LinkOptions = Readonly<{
  /** Of the engine, for logs and metrics: lower case. */
  name: string
  clock: Clock
  chance: Chance
  log: Log
  /** What a question may take. */
  budgetMs: number
  /**
   * Brings the engine up to date. Must look at what it tells synchronously when called: whatever
   * happens later is told beside it.
   */
  probe(): Promise<unknown>
}>

const FAILURES = 3
const TELL_BUDGET_MS = 1_000
const PAUSE_MS = { least: 50, most: 2_000 }
/** While all is well, the probe still runs this often. */
const HEARTBEAT_MS = 15_000

export function createLink(options: LinkOptions): Link {
  const { name, clock, chance, log, budgetMs, probe } = options
  const { metrics, skipped, observeUp } = createMetrics(name)
  const stopping = new AbortController()
  const gong = createGong(clock)
  let state: 'down' | 'probing' | 'up' = 'down'
  /** Counts breaks, so that a failure is not held against the connection that came after it. */
  let breaks = 0
  let inARow = 0
  let failedProbes = 0
  let warned = false
  let running: Promise<void> = Promise.resolve()
  observeUp(() => state === 'up')

  async function within<T>(work: () => Promise<T>, ms: number): Promise<T | undefined> {
    const late = new AbortController()
    try {
      const answer = work()
      // An answer that comes too late, and fails, concerns nobody any more.
      answer.catch(() => {})
      const timer = clock.sleep(ms, late.signal).then(() => undefined)
      const first = await Promise.race([answer.then((value) => ({ value })), timer])
      if (first === undefined) skipped.inc({ reason: 'late' })
      return first?.value
    } catch (error) {
      skipped.inc({ reason: 'failed' })
      log.debug({ error: String(error) }, `${name} refused`)
      return undefined
    } finally {
      late.abort()
    }
  }

  function lose(reason: string): void {
    breaks += 1
    inARow = 0
    if (state === 'down') return
    state = 'down'
    log.debug({ reason }, `${name} is left alone for a while`)
    gong.strike()
  }

  async function attempt(): Promise<void> {
    const before = breaks
    if (state === 'down') state = 'probing'
    const reached = await within(async () => {
      await probe()
      return true
    }, budgetMs)
    if (reached && breaks === before) {
      state = 'up'
      failedProbes = 0
      if (warned) log.info({}, `${name} is back`)
      warned = false
      return
    }
    lose('probe')
    failedProbes += 1
    if (failedProbes === FAILURES && !warned) {
      warned = true
      log.warn({}, `${name} does not answer: going on without it`)
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await attempt()
      const heard = gong.strikes()
      const doubled = Math.min(PAUSE_MS.least * 2 ** Math.min(failedProbes, 10), PAUSE_MS.most)
      // The state may have changed while the probe was under way.
      const pause = state === 'up' ? HEARTBEAT_MS : doubled * (0.5 + chance.float() / 2)
      await gong.wait(heard, pause, stopping.signal)
    }
  }

  return {
    metrics,
    isUp: () => state === 'up',
    lose,
    nudge: () => gong.strike(),
    async ask(work) {
      if (state !== 'up') {
        skipped.inc({ reason: 'down' })
        return undefined
      }
      const before = breaks
      const answer = await within(work, budgetMs)
      if (breaks !== before) return undefined
      if (answer !== undefined) inARow = 0
      else {
        inARow += 1
        if (inARow >= FAILURES) lose('questions without an answer')
      }
      return answer
    },
    tell(work) {
      if (state === 'down') return
      const before = breaks
      void within(async () => {
        await work()
        return true
      }, TELL_BUDGET_MS).then((done) => {
        if (!done && breaks === before) lose('something could not be told')
      })
    },
    start() {
      running = watch()
    },
    async stop() {
      stopping.abort()
      state = 'down'
      await running
    },
  }
}

function createMetrics(name: string) {
  const skipped = new Counter({
    name: `stoa_${name}_skips_total`,
    help: `Questions that ${name} did not answer: it was down, late, or failed`,
    labelNames: ['reason'],
    registers: [],
  })
  let isUp = () => false
  const up = new Gauge({
    name: `stoa_${name}_up`,
    help: `1 while ${name} is asked, 0 while it is left alone`,
    registers: [],
    collect() {
      this.set(isUp() ? 1 : 0)
    },
  })
  return {
    metrics: [skipped, up] as readonly Metric[],
    skipped,
    observeUp(tell: () => boolean) {
      isUp = tell
    },
  }
}
