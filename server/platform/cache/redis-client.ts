import { createClient } from '@redis/client'
import type { Chance } from '../chance.ts'

export type RedisClient = ReturnType<typeof redisClient>

/** A client that queues nothing while Redis is away, and goes on trying to reach it. Not yet connected. */
export function redisClient(url: string, chance: Chance) {
  return createClient({
    url,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    pingInterval: 5_000,
    socket: {
      connectTimeout: 2_000,
      // Longer than between two pings: a connection that went dead without a word is closed.
      socketTimeout: 12_000,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 6), 1_500) * (0.5 + chance.float() / 2),
    },
  })
}
