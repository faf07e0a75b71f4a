import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import type { Consumer } from './events/consumer.ts'
import type { Feed } from './events/feed.ts'
import type { Outbox } from './events/outbox.ts'
import { createConsumerRunner } from './events/runner.ts'
import { runSequencer } from './events/sequencer.ts'
import { createStreamFeed } from './events/stream-feed.ts'
import type { Log } from './log.ts'
import type { Ticker } from './module.ts'

export type Background = Readonly<{
  start(): void
  /** Handles the events that wait, and returns; for commands while no shop runs. */
  catchUp(): Promise<void>
  /** Lets the rounds that run finish; bounded by the caller. */
  stop(): Promise<void>
}>

export type BackgroundDeps = Readonly<{
  db: Database
  outbox: Outbox
  consumers: readonly Consumer[]
  /** Where a consumer's events come from; the stream in the database unless told. */
  feedOf?(consumer: Consumer): Feed
  /** Further work without end, such as the relay to Kafka. */
  loops?: readonly ((signal: AbortSignal) => Promise<void>)[]
  tickers: readonly Ticker[]
  clock: Clock
  log: Log
}>

/** Name of the one event source of a shop whose modules share a database. */
export const MAIN_SOURCE = 'main'

/** Everything a process does without being asked: sequencing, consuming, healing. */
export function createBackground({
  db,
  outbox,
  consumers,
  tickers,
  clock,
  log,
  feedOf = ({ name }) => createStreamFeed(name, { db, outbox, source: MAIN_SOURCE }),
  loops: others = [],
}: BackgroundDeps): Background {
  const ending = new AbortController()
  let loops: Promise<void>[] = []
  const runnerOf = (consumer: Consumer) =>
    createConsumerRunner(consumer, { db, feed: feedOf(consumer), clock, log })
  return {
    start() {
      loops = [
        runSequencer({ outbox, clock, log }, ending.signal),
        ...consumers.map((consumer) => runnerOf(consumer).run(ending.signal)),
        ...others.map((run) => run(ending.signal)),
        ...tickers.map((ticker) => runTicker(ticker, { clock, log }, ending.signal)),
      ]
    },
    async catchUp() {
      const rounds = [
        outbox.sequence,
        ...consumers.map((consumer) => runnerOf(consumer).drain),
        ...tickers.filter(({ followsEvents }) => followsEvents).map(({ run }) => run),
      ]
      for (let handled = 1; handled > 0; ) {
        handled = 0
        for (const round of rounds)
          for (let done = await round(); done > 0; done = await round()) handled += done
      }
    },
    async stop() {
      ending.abort()
      await Promise.allSettled(loops)
    },
  }
}

/** Rounds follow each other at once while there is work; a failed round waits for the next time. */
async function runTicker(
  ticker: Ticker,
  { clock, log }: Readonly<{ clock: Clock; log: Log }>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const done = await runRound(ticker).catch((error: unknown) => {
      log.warn(
        { ticker: ticker.name, error: error instanceof Error ? error.stack : String(error) },
        'round failed',
      )
      return 0
    })
    if (done === 0) await clock.sleep(ticker.everyMs, signal)
  }
}

/** A round that throws before it awaits fails like any other. */
async function runRound(ticker: Ticker): Promise<number> {
  return ticker.run()
}
