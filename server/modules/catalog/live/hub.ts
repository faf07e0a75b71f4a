import { Gauge, type Metric } from 'prom-client'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import type { DocumentCache, DocumentKey } from '../documents/document-cache.ts'
import { type Connection, openConnection } from './connection.ts'
import { differences, type LiveEvent, type OfferState, statesOf } from './states.ts'

export type Watch = Readonly<{
  productIds: readonly string[]
  currency: string
  country: string
  /** The id of the last event that the client has seen, if it comes back. */
  lastPosition: number | undefined
  address: string
}>

export type LiveHub = Readonly<{
  /** Opens a stream. @throws unavailable, rate_limited */
  watch(watch: Watch): Connection['stream']
  /** What the stream of events says has changed up to a position; what was kept of it is void. */
  changed(productIds: readonly string[] | 'all', upTo: number): void
  start(): void
  /** Ends all streams; their clients come back, to another process. */
  drain(): void
  stop(): Promise<void>
  readonly metrics: readonly Metric[]
}>

/** One product in one market, as all of its watchers were last told. */
type Topic = {
  readonly key: DocumentKey
  readonly watchers: Set<Connection>
  states: ReadonlyMap<string, OfferState> | undefined
}

type Loaded = [topic: Topic, states: ReadonlyMap<string, OfferState>]

const HEARTBEAT_MS = 15_000
const RETRY_MS = 500
/** Products of which it is known when they last changed. */
const REMEMBERED = 100_000
const LOADED_AT_ONCE = 50

/**
 * Tells browsers of stock and prices as they change. One follower of the event stream serves all
 * connections of this process: what has changed is read once, from the pages' documents, whoever
 * watches. An event's id is the position in the stream up to which its client has been told all,
 * so that one who comes back misses nothing.
 */
export function createLiveHub({
  documents,
  clock,
  log,
  position,
}: Readonly<{
  documents: Pick<DocumentCache, 'get'>
  clock: Clock
  log: Log
  position(): number
}>): LiveHub {
  const topics = new Map<string, Topic>()
  const connections = new Set<Connection>()
  const changedAt = new Map<string, number>()
  const ending = new AbortController()
  /** Since when `changedAt` knows all. */
  let since = 0
  /** Up to where all watchers have been told. */
  let told = 0
  let dirty = new Set<Topic>()
  let upTo = 0
  let working: Promise<void> | undefined

  const open = new Gauge({
    name: 'stoa_live_connections',
    help: 'Browsers that are told of stock and prices as they change',
    registers: [],
    collect() {
      this.set(connections.size)
    },
  })

  function topicOf(key: DocumentKey): Topic {
    const name = `${key.reference} ${key.currency} ${key.country}`
    const known = topics.get(name)
    if (known) return known
    const made: Topic = { key, watchers: new Set(), states: undefined }
    topics.set(name, made)
    return made
  }

  async function load({ key }: Topic): Promise<ReadonlyMap<string, OfferState>> {
    const document = await documents.get(key)
    return document ? statesOf(JSON.parse(document.body.toString())) : new Map()
  }

  /** Reads what is dirty and tells of it, until nothing is. */
  async function work(): Promise<void> {
    while (dirty.size > 0 && !ending.signal.aborted) {
      const [round, end] = [[...dirty], upTo]
      dirty = new Set()
      try {
        await tellOf(round, end)
        told = end
      } catch (error) {
        log.warn({ error: String(error) }, 'live prices wait for their documents')
        for (const topic of round) dirty.add(topic)
        await clock.sleep(RETRY_MS, ending.signal)
      }
    }
    if (dirty.size === 0) told = upTo
    working = undefined
  }

  /** Each watcher is told of the whole round at once, since its position says so. */
  async function tellOf(round: readonly Topic[], end: number): Promise<void> {
    const loaded: Loaded[] = []
    const watched = round.filter(({ watchers }) => watchers.size > 0)
    for (let from = 0; from < watched.length; from += LOADED_AT_ONCE) {
      const part = watched.slice(from, from + LOADED_AT_ONCE)
      loaded.push(
        ...(await Promise.all(part.map(async (one): Promise<Loaded> => [one, await load(one)]))),
      )
    }
    const news = new Map<Connection, LiveEvent[]>()
    for (const [topic, states] of loaded) {
      const events = differences(topic.states, states)
      topic.states = states
      if (events.length === 0) continue
      for (const watcher of topic.watchers)
        news.set(watcher, [...(news.get(watcher) ?? []), ...events])
    }
    for (const [watcher, events] of news) watcher.send(events, end)
  }

  /** The state as it is now, for one who may not know it. What changes meanwhile is told besides. */
  async function tellAll(connection: Connection, missed: readonly Topic[]): Promise<void> {
    const before = told
    await Promise.all(
      missed.map(async (topic) => {
        const states = topic.states ?? (await load(topic))
        // A change may have been told while this was read; what was read then is older.
        topic.states ??= states
      }),
    )
    connection.setWhole()
    connection.send(
      missed.flatMap(({ states = new Map() }) => differences(undefined, states)),
      before,
    )
  }

  function remember(productIds: readonly string[] | 'all', at: number): void {
    if (productIds === 'all' || changedAt.size + productIds.length > REMEMBERED) {
      changedAt.clear()
      since = at
      return
    }
    for (const id of productIds) changedAt.set(id, at)
  }

  function leave(connection: Connection, watched: readonly Topic[]): void {
    connections.delete(connection)
    for (const topic of watched) {
      topic.watchers.delete(connection)
      const { reference, currency, country } = topic.key
      if (topic.watchers.size === 0) topics.delete(`${reference} ${currency} ${country}`)
    }
  }

  async function beat(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.sleep(HEARTBEAT_MS, ending.signal)
      for (const connection of connections) connection.beat(told)
    }
  }

  return {
    metrics: [open],
    watch({ productIds, currency, country, lastPosition, address }) {
      const connection = openConnection(connections, address)
      const watched = [...new Set(productIds)].map((reference) =>
        topicOf({ reference, currency, country }),
      )
      connections.add(connection)
      for (const topic of watched) topic.watchers.add(connection)
      connection.stream.once('close', () => leave(connection, watched))
      const isSure = lastPosition !== undefined && lastPosition >= since && lastPosition <= upTo
      const missed = watched.filter(
        ({ key }) => !isSure || (changedAt.get(key.reference) ?? 0) > lastPosition,
      )
      tellAll(connection, missed).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'a live stream could not begin')
        connection.stream.destroy()
      })
      return connection.stream
    },
    changed(productIds, at) {
      upTo = at
      remember(productIds, at)
      const ids = productIds === 'all' ? undefined : new Set(productIds)
      if (!ids || ids.size > 0)
        for (const topic of topics.values())
          if (!ids || ids.has(topic.key.reference)) dirty.add(topic)
      // A moment later: until the call returns, the other layers still hold what is void.
      if (dirty.size > 0) working ??= Promise.resolve().then(work)
      else if (!working) told = at
    },
    start() {
      since = told = upTo = position()
      void beat()
    },
    drain() {
      for (const connection of connections) connection.end()
    },
    async stop() {
      ending.abort()
      for (const connection of connections) connection.stream.destroy()
      await working
    },
  }
}
