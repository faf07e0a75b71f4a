import { RESP_TYPES } from '@redis/client'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createLink, type Link } from './link.ts'
import { type RedisClient, redisClient } from './redis-client.ts'
import { DROP, READ, WRITE } from './redis-scripts.ts'
import type { DroppedPart, SharedCache, SharedCacheStart } from './shared-cache.ts'

/** What a read may cost a page at most. */
const BUDGET_MS = 50
/** How long drops are remembered: longer than any value lives, and than any load takes. */
const REMEMBER_MS = 10 * 60_000
const GROUPS_A_CALL = 500
/** More groups than these in one part of the stream: all is dropped instead. */
const GROUPS_MAX = 20_000
const LIFE_MAX_MS = REMEMBER_MS / 2

/**
 * The shared cache in a Redis 7, or what speaks its protocol; not a Redis Cluster. It rests on
 * commands of one connection being done in order: a drop that was sent is seen by every later read.
 */
export function createRedisCache({
  url,
  clock,
  chance,
  log,
  budgetMs = BUDGET_MS,
}: Readonly<{
  url: string
  clock: Clock
  chance: Chance
  log: Log
  budgetMs?: number
}>): SharedCache {
  const client = redisClient(url, chance)
  const subscriber = client.duplicate({ disableOfflineQueue: false })
  let started: SharedCacheStart | undefined
  const keyOf = (name: string) => `stoa:${started?.namespace}:${name}`
  const channel = () => keyOf('moved')

  const link: Link = createLink({
    name: 'redis',
    clock,
    chance,
    log,
    budgetMs,
    async probe() {
      const position = started?.position() ?? 0
      await send(
        client,
        DROP,
        [keyOf('state')],
        [position, position, REMEMBER_MS, channel(), 'last'],
      )
    },
  })
  client.on('ready', link.nudge)
  client.on('error', (error) => link.lose(String(error)))
  subscriber.on('error', () => {})

  function sendDrop({ after, upTo, groups }: DroppedPart): Promise<unknown> {
    const all = groups === 'all' || groups.length > GROUPS_MAX
    const keys = all ? [] : groups.map((group) => keyOf(`g:${group}`))
    const calls: Promise<unknown>[] = []
    // Sent in one go: no read may come between them.
    for (let from = 0; from === 0 || from < keys.length; from += GROUPS_A_CALL) {
      const last = from + GROUPS_A_CALL >= keys.length
      const extent = all ? 'all' : last ? 'last' : 'part'
      const part = [keyOf('state'), ...keys.slice(from, from + GROUPS_A_CALL)]
      calls.push(send(client, DROP, part, [after, upTo, REMEMBER_MS, channel(), extent]))
    }
    return Promise.all(calls)
  }

  return {
    metrics: link.metrics,
    isUp: link.isUp,
    async get({ group, name }) {
      const beganMs = clock.monotonicMs()
      const found = await link.ask(() =>
        send<[number, number, Buffer] | null>(
          client,
          READ,
          [keyOf('state'), keyOf(`g:${group}`)],
          [name],
        ),
      )
      if (!found) return undefined
      const [asOf, lifeMs, value] = found
      // The answer was under way for a part of that life.
      return { asOf, lifeMs: lifeMs - (clock.monotonicMs() - beganMs), value }
    },
    set({ group, name, value, asOf, lifeMs }) {
      const life = Math.floor(Math.min(lifeMs, LIFE_MAX_MS))
      if (life <= 0) return
      const keys = [keyOf('state'), keyOf(`g:${group}`)]
      void link
        .ask(() => send<number>(client, WRITE, keys, [name, asOf, life, value]))
        .then((kept) => {
          if (kept === -1) link.lose('it was emptied')
        })
    },
    drop(part) {
      link.tell(() => sendDrop(part))
    },
    start(options) {
      started = options
      // Both go on trying for as long as it takes.
      client.connect().catch(() => {})
      subscriber.connect().catch(() => {})
      subscriber
        .subscribe(channel(), (position) => {
          if (Number(position) > options.position()) options.onMoved()
        })
        .catch(() => {})
      link.start()
    },
    async stop() {
      await link.stop()
      for (const one of [client, subscriber]) if (one.isOpen) one.destroy()
    },
  }
}

function send<Reply>(
  client: RedisClient,
  script: string,
  keys: readonly string[],
  values: readonly (string | number | Buffer)[],
): Promise<Reply> {
  const words = values.map((value) => (typeof value === 'number' ? String(value) : value))
  return client.sendCommand<Reply>(['EVAL', script, String(keys.length), ...keys, ...words], {
    typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer },
  })
}
