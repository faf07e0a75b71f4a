export type Clock = Readonly<{ now: () => Date }>

export const systemClock: Clock = { now: () => new Date() }

/** Timers that can all be dropped at once, so that a stopped provider leaves nothing running. */
export type Timers = Readonly<{
  after: (delayMs: number, action: () => void) => void
  wait: (delayMs: number) => Promise<void>
  stop: () => void
}>

export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>()
  let stopped = false
  function after(delayMs: number, action: () => void): void {
    if (stopped) return
    const timer = setTimeout(() => {
      running.delete(timer)
      action()
    }, delayMs)
    running.add(timer)
  }
  return {
    after,
    wait: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    stop() {
      stopped = true
      for (const timer of running) clearTimeout(timer)
      running.clear()
    },
  }
}
