import type { MessagePort } from 'node:worker_threads'

/** Tells several threads the same, and knows when all have taken it. */
export type Telling<News> = Readonly<{
  add(port: MessagePort): void
  /** Resolves when every thread that was added has taken it. */
  tell(news: News): Promise<void>
}>

/** @param send sends news under a number; the other side answers with the number. */
export function createTelling<News>(
  send: (port: MessagePort, number: number, news: News) => void,
): Telling<News> {
  const ports: MessagePort[] = []
  const missing = new Map<number, { count: number; resolve: () => void }>()
  let last = 0
  return {
    add(port) {
      ports.push(port)
      port.on('message', (number: number) => {
        const waiting = missing.get(number)
        if (!waiting) return
        waiting.count -= 1
        if (waiting.count > 0) return
        missing.delete(number)
        waiting.resolve()
      })
    },
    tell(news) {
      if (ports.length === 0) return Promise.resolve()
      last += 1
      const number = last
      return new Promise((resolve) => {
        missing.set(number, { count: ports.length, resolve })
        for (const port of ports) send(port, number, news)
      })
    },
  }
}
