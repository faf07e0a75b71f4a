import { createLink, type Link } from './cache/link.ts'
import { redisClient } from './cache/redis-client.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { createLocalThrottle, type Throttle } from './throttle.ts'
import {
  type BucketPolicy,
  createLocalBuckets,
  type Taken,
  type TokenBuckets,
} from './token-bucket.ts'

/** What a question may cost a request at most. */
const BUDGET_MS = 100

/** KEYS: count. ARGV: free, first wait, longest wait, forget after. Gives the wait, by Redis's clock. */
const TRY = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('hmget', KEYS[1], 'tries', 'open')
local open = tonumber(found[2] or 0)
if open > now then return open - now end
local tries = tonumber(found[1] or 0) + 1
local wait = 0
if tries >= tonumber(ARGV[1]) then
  wait = math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) * 2 ^ math.min(tries - tonumber(ARGV[1]), 30))
end
redis.call('hset', KEYS[1], 'tries', tries, 'open', string.format('%d', now + wait))
redis.call('pexpire', KEYS[1], ARGV[4])
return 0`

/**
 * KEYS: bucket. ARGV: burst, milliseconds until one comes back, how many are wanted. Gives how many
 * were taken, how many are left, and how long to wait if none was; as in token-bucket.ts.
 */
const TAKE = `
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
local interval = tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('get', KEYS[1]) or 0), now)
local most = math.floor((ARGV[1] * interval - (full - now)) / interval + 0.000001)
if most < 1 then return {0, 0, math.ceil(full + interval - now - ARGV[1] * interval)} end
local taken = math.min(most, tonumber(ARGV[3]))
full = full + taken * interval
redis.call('set', KEYS[1], string.format('%.3f', full), 'px', math.ceil(full - now))
return {taken, most - taken, 0}`

/** A process takes so much of a bucket at once, and answers a second long out of its own pocket. */
const SHARES = 50
const POCKET_MS = 1_000
const POCKETS = 100_000

type Pocket = { tokens: number; remaining: number; until: number; closedUntil: number }

/** Counts for all processes of a shop together. */
export type SharedCounts = Readonly<{
  throttle: Throttle
  buckets: TokenBuckets
  metrics: Link['metrics']
  start(): void
  stop(): Promise<void>
}>

/**
 * Counts in a Redis: each step is one script, so what comes at the same moment does not slip
 * through. While Redis cannot be had each process counts by itself, and nobody waits for it.
 */
export function createRedisCounts({
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
}>): SharedCounts {
  const client = redisClient(url, chance)
  const link = createLink({
    name: 'limits',
    clock,
    chance,
    log,
    budgetMs,
    probe: () => client.sendCommand(['PING']),
  })
  client.on('ready', link.nudge)
  client.on('error', (error) => link.lose(String(error)))
  const run = <T>(script: string, key: string, values: readonly number[]) =>
    link.ask(() => client.sendCommand<T>(['EVAL', script, '1', key, ...values.map(String)]))

  return {
    metrics: link.metrics,
    throttle: sharedThrottle(run, {
      local: createLocalThrottle(clock),
      forget: (key) => link.ask(() => client.sendCommand(['DEL', key])),
    }),
    buckets: sharedBuckets(run, clock),
    start() {
      client.connect().catch(() => {})
      link.start()
    },
    async stop() {
      await link.stop()
      if (client.isOpen) client.destroy()
    },
  }
}

type Run = <T>(script: string, key: string, values: readonly number[]) => Promise<T | undefined>

function sharedThrottle(
  run: Run,
  { local, forget }: Readonly<{ local: Throttle; forget(key: string): Promise<unknown> }>,
): Throttle {
  const keyOf = (key: string) => `stoa:throttle:${key}`
  return {
    async take(key, policy) {
      const { free, firstWaitMs, longestWaitMs, forgetMs } = policy
      const wait = await run<number>(TRY, keyOf(key), [free, firstWaitMs, longestWaitMs, forgetMs])
      return wait ?? local.take(key, policy)
    },
    async forget(key) {
      await forget(keyOf(key))
      await local.forget(key)
    },
  }
}

/**
 * Buckets of which each process takes a handful at a time: most requests need no question, and all
 * processes together never give more than there is.
 */
function sharedBuckets(run: Run, clock: Clock): TokenBuckets {
  const local = createLocalBuckets(clock)
  const pockets = new Map<string, Pocket>()
  const fillings = new Map<string, Promise<boolean>>()

  function fromPocket(key: string, now: number): Taken | undefined {
    const pocket = pockets.get(key)
    if (!pocket) return undefined
    if (pocket.closedUntil > now) return { waitMs: pocket.closedUntil - now, remaining: 0 }
    if (pocket.until <= now || pocket.tokens === 0) return undefined
    pocket.tokens -= 1
    return { waitMs: 0, remaining: pocket.remaining + pocket.tokens }
  }

  /** @returns whether Redis answered. */
  async function fill(key: string, policy: BucketPolicy): Promise<boolean> {
    const share = Math.max(1, Math.floor(policy.burst / SHARES))
    const given = await run<[number, number, number]>(TAKE, `stoa:bucket:${key}`, [
      policy.burst,
      1_000 / policy.perSecond,
      share,
    ])
    if (!given) return false
    const [tokens, remaining, waitMs] = given
    const now = clock.monotonicMs()
    const closedUntil = tokens === 0 ? now + waitMs : 0
    pockets.delete(key)
    pockets.set(key, { tokens, remaining, until: now + POCKET_MS, closedUntil })
    if (pockets.size > POCKETS) pockets.delete(pockets.keys().next().value as string)
    return true
  }

  /** One question a key at a time: who comes meanwhile waits for the same handful. */
  function fillOnce(key: string, policy: BucketPolicy): Promise<boolean> {
    const known = fillings.get(key)
    if (known) return known
    const filling = fill(key, policy).finally(() => fillings.delete(key))
    fillings.set(key, filling)
    return filling
  }

  return {
    async take(key, policy) {
      for (;;) {
        const taken = fromPocket(key, clock.monotonicMs())
        if (taken) return taken
        if (!(await fillOnce(key, policy))) return local.take(key, policy)
      }
    },
    takeNow: (key) => fromPocket(key, clock.monotonicMs())?.waitMs === 0,
  }
}
