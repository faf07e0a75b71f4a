import { createGate, type Gate } from '../platform/gate.ts'
import { createGateway, type Gateway } from '../platform/http/gateway/index.ts'
import type { Limits } from '../platform/http/gateway/limits.ts'
import { SHED_AT } from '../platform/http/gateway/shedding.ts'
import { addressList } from '../platform/net/proxies.ts'
import { createRedisCounts, type SharedCounts } from '../platform/redis-counts.ts'
import { createLocalThrottle } from '../platform/throttle.ts'
import { createLocalBuckets } from '../platform/token-bucket.ts'
import type { ShopOptions } from '../shop-options.ts'
import { publicUrlOf } from './shop-modules.ts'

/** Counts attempts and requests: for this process alone, or in Redis for all. */
export function openCounts({ config, clock, chance, log }: ShopOptions): SharedCounts {
  if (config.REDIS_URL) return createRedisCounts({ url: config.REDIS_URL, clock, chance, log })
  return {
    throttle: createLocalThrottle(clock),
    buckets: createLocalBuckets(clock),
    metrics: [],
    start() {},
    async stop() {},
  }
}

/**
 * Checkouts at work at once in this process. More of them finish no sooner, but all together: none
 * before the waits for connections and locks end, when thousands come in one second. Fewer would
 * let a bank that is silent for ten seconds a call hold up the calls that need no bank.
 */
const CHECKOUTS_AT_ONCE = 640
const CHECKOUT_PATIENCE_MS = 5_000

/** What is limited once it is known what is called, and by whom. */
type CallLimits = Pick<Limits, 'countAccount'> & Readonly<{ checkouts: Gate }>

/** The door of this process, as the configuration says. */
export function shopGateway(
  { config, chance, clock }: ShopOptions,
  { buckets }: Pick<SharedCounts, 'buckets'>,
): Gateway & Readonly<{ isProxy(address: string): boolean; ofCalls: CallLimits }> {
  const isProxy = addressList(config.TRUSTED_PROXIES)
  const publicUrl = publicUrlOf(config)
  const gateway = createGateway({
    chance,
    clock,
    buckets,
    isProxy,
    publicUrl,
    corsOrigins: config.CORS_ORIGINS,
    factor: config.LIMIT_FACTOR,
  })
  const checkouts = createGate({
    concurrency: CHECKOUTS_AT_ONCE,
    waiting: SHED_AT.checkout.running,
    patience: { ms: CHECKOUT_PATIENCE_MS, clock },
  })
  const { countAccount } = gateway.limits
  return { ...gateway, isProxy, ofCalls: { countAccount, checkouts } }
}
