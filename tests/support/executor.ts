import { systemClock } from '../../server/platform/clock.ts'
import type { Actor } from '../../server/platform/http/actor.ts'
import { createExecutor, type Executor } from '../../server/platform/http/execute.ts'
import { createIdempotency } from '../../server/platform/idempotency.ts'
import { silentLog } from '../../server/platform/log.ts'
import type { TestPlatform } from './platform.ts'

/** Runs calls as one actor, and holds each answer against its contract. */
export function executorFor({ db }: Pick<TestPlatform, 'db'>, actor: Actor): Executor {
  return createExecutor({
    idempotency: createIdempotency({ db, clock: systemClock }),
    clock: systemClock,
    log: silentLog,
    authenticate: async () => actor,
    checkReplies: true,
  })
}
