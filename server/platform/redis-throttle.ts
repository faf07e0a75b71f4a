import { createClient } from '@redis/client'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { createLocalThrottle, type Throttle } from './throttle.ts'

const BUDGET_MS = 250

/** KEYS: count. ARGV: free, first wait, longest wait, forget after. Gives the wait, by Redis's clock. */
const TAKE = `
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
 * Counts in a Redis, for all processes of the shop together; each count is one script, so tries at
 * the same moment do not slip through. While Redis cannot be had each process counts by itself.
 */
export function createRedisThrottle({
  url,
  clock,
  chance,
  log,
}: Readonly<{ url: string; clock: Clock; chance: Chance; log: Log }>): Throttle &
  Readonly<{ stop(): void }> {
  const local = createLocalThrottle(clock)
  const client = createClient({
    url,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 6), 1_500) * (0.5 + chance.float() / 2),
    },
  })
  client.on('error', (error) => log.warn({ error: String(error) }, 'sign-ins are counted locally'))
  client.connect().catch(() => {})

  async function ask<T>(words: readonly string[], standIn: () => Promise<T>): Promise<T> {
    if (!client.isReady) return standIn()
    const late = new AbortController()
    try {
      const answer = client.sendCommand<T>([...words])
      answer.catch(() => {})
      const timeout = clock.sleep(BUDGET_MS, late.signal).then(() => {
        throw new Error('Redis is late')
      })
      timeout.catch(() => {})
      return await Promise.race([answer, timeout])
    } catch {
      return standIn()
    } finally {
      late.abort()
    }
  }

  return {
    take(key, policy) {
      const limits = [policy.free, policy.firstWaitMs, policy.longestWaitMs, policy.forgetMs]
      const words = ['EVAL', TAKE, '1', keyOf(key), ...limits.map(String)]
      return ask<number>(words, () => local.take(key, policy))
    },
    async forget(key) {
      await ask<unknown>(['DEL', keyOf(key)], async () => undefined)
      await local.forget(key)
    },
    stop() {
      if (client.isOpen) client.destroy()
    },
  }
}

function keyOf(key: string): string {
  return `stoa:throttle:${key}`
}
