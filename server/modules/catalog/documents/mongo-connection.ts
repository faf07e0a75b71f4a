import type { Collection, Document, MongoClient } from 'mongodb'
import type { Clock } from '../../../platform/clock.ts'

/** After so long without an answer all is opened anew. */
const STUCK_MS = 10_000

/** One collection of a MongoDB, by a client that is replaced when it is stuck. */
export type MongoConnection<Entry extends Document> = Readonly<{
  /** Undefined until the driver is loaded. */
  entries(): Collection<Entry> | undefined
  open(collection: string): Promise<void>
  /**
   * For each sign of life that is asked for. The driver's own watch over the server can wait for ever: for the drain of a
   * socket that closes just as it writes. Whatever comes back then, that client does not find it.
   */
  renewIfStuck(): Promise<void>
  /** The server has answered. */
  isAlive(): void
  close(): Promise<void>
}>

export function createMongoConnection<Entry extends Document>({
  url,
  clock,
}: Readonly<{ url: string; clock: Clock }>): MongoConnection<Entry> {
  let client: Promise<MongoClient> | undefined
  let entries: Collection<Entry> | undefined
  let name = ''
  let silentSince: number | undefined
  let isClosed = false

  async function connect(): Promise<void> {
    const database = /^[^/]+\/\/[^/]+\/([^?/]+)/.exec(url)?.[1] ?? 'stoa'
    client = openClient(url)
    entries = (await client).db(database).collection<Entry>(name)
  }

  return {
    entries: () => entries,
    open(collection) {
      name = collection
      return connect()
    },
    async renewIfStuck() {
      silentSince ??= clock.monotonicMs()
      if (isClosed || clock.monotonicMs() - silentSince < STUCK_MS) return
      silentSince = clock.monotonicMs()
      const stuck = client
      await connect()
      // What it still waits for concerns nobody any more.
      void stuck?.then((one) => one.close()).catch(() => {})
    },
    isAlive() {
      silentSince = undefined
    },
    async close() {
      isClosed = true
      await (await client)?.close()
    },
  }
}

/** The driver is large: who has no MongoDB, or imports a file, does not load it. */
async function openClient(url: string): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb')
  return new MongoClient(url, {
    appName: 'stoa',
    maxPoolSize: 8,
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 5_000,
    retryReads: false,
    retryWrites: false,
  })
}
