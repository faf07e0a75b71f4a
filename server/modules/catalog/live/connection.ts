import { Readable } from 'node:stream'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { LiveEvent } from './states.ts'

/** One browser that is told of changes by Server-Sent Events (WHATWG HTML, 9.2). */
export type Connection = Readonly<{
  stream: Readable
  address: string
  /** @param position up to where all has been told that it watches, these events included. */
  send(events: readonly LiveEvent[], position: number): void
  /** From now on it has been told all; before, no position is said that it could come back with. */
  setWhole(): void
  /** Shows that the line is alive, and up to where nothing else has happened. */
  beat(position: number): void
  end(): void
}>

const MOST_CONNECTIONS = 5_000
const MOST_OF_ADDRESS = 100
/** What waits for a browser that does not read; it is let go beyond that, and may come back. */
const MOST_WAITING_BYTES = 128 * 1024
const COMES_BACK_MS = 2_000

/** @throws unavailable if this process has enough of them, rate_limited if the address has. */
export function openConnection(open: ReadonlySet<Connection>, address: string): Connection {
  if (open.size >= MOST_CONNECTIONS) throw generalProblem('unavailable', { retryAfterSeconds: 30 })
  let own = 0
  for (const one of open) if (one.address === address) own += 1
  if (own >= MOST_OF_ADDRESS) throw generalProblem('rate_limited', { retryAfterSeconds: 30 })
  const stream = new Readable({ read() {}, highWaterMark: MOST_WAITING_BYTES })
  let isWhole = false
  let isEnded = false
  const write = (text: string) => {
    if (stream.destroyed || isEnded) return
    stream.push(text)
    if (stream.readableLength > MOST_WAITING_BYTES) stream.destroy()
  }
  write(`retry: ${COMES_BACK_MS}\n\n`)
  return {
    stream,
    address,
    send(events, position) {
      if (events.length === 0) return
      const blocks = events.map(({ name, data }) => `event: ${name}\ndata: ${data}\n\n`)
      // The position is said with the last one: who is cut off before it is told again.
      if (isWhole) blocks[blocks.length - 1] = `id: ${position}\n${blocks.at(-1)}`
      write(blocks.join(''))
    },
    setWhole() {
      isWhole = true
    },
    beat: (position) => write(isWhole ? `id: ${position}\n\n` : ':\n\n'),
    end() {
      if (!isEnded) stream.push(null)
      isEnded = true
    },
  }
}
