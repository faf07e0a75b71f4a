import { createTail } from '../../platform/events/tail.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { IdentityApi } from './api.ts'
import type { IdentityDeps, Tools } from './deps.ts'
import { createDevices } from './devices.ts'
import { makeCreateOperator } from './flows/create-operator.ts'
import { createGuard } from './guard.ts'
import { createHasher } from './passwords/hasher.ts'
import { type PasswordRules, readPasswordRules } from './passwords/rules.ts'
import { accountBindings } from './routes/account.ts'
import { addressBindings } from './routes/addresses.ts'
import { factorBindings } from './routes/factors.ts'
import { passkeyBindings } from './routes/passkeys.ts'
import { privacyBindings } from './routes/privacy.ts'
import { sealedTotp } from './second-factor/sealed.ts'
import { createService, type SessionCookie } from './service.ts'
import { sweepSessions } from './sessions/repository.ts'
import { createSessions } from './sessions/service.ts'
import { sweepTokens } from './token-repository.ts'

/** `cookie` is for the door: the name under which browsers send their session. */
export type IdentityParts = ModuleParts<IdentityApi> & Readonly<{ cookie: SessionCookie }>

/** Accounts: who somebody is, and what they may do. */
export function createIdentity(deps: IdentityDeps): IdentityParts {
  const { db, clock, log, outbox, mailbox, throttle, chance, vault, referenceFolder } = deps
  let rules: Promise<PasswordRules> | undefined
  const sessions = createSessions(deps)
  const tools: Tools = {
    ...deps,
    sessions,
    guard: createGuard(throttle),
    devices: createDevices({ chance, vault }),
    hasher: createHasher({ chance }),
    rules() {
      rules ??= readPasswordRules(referenceFolder)
      return rules
    },
  }
  const service = createService(tools)
  const tail = createTail({ outbox, clock, log, onEvents: sessions.hear })
  return {
    api: {
      recognise: sessions.recognise,
      createOperator: makeCreateOperator(tools),
      listMails: ({ limit }) => mailbox.list(limit),
    },
    cookie: service.cookie,
    routes: [
      ...accountBindings(service),
      ...addressBindings(service),
      ...factorBindings(service),
      ...passkeyBindings(service),
      ...privacyBindings(service),
    ],
    consumers: [],
    sealed: [sealedTotp],
    tickers: [...service.password.tickers, ...mailbox.tickers],
    jobs: [
      ...mailbox.jobs,
      {
        name: 'identity.sweep',
        cron: '50 * * * *',
        async run() {
          await sweepTokens(db, clock.now())
          await sweepSessions(db, clock.now().toISOString())
        },
      },
    ],
    async start() {
      await tools.rules()
      await tail.start()
    },
    stop: () => tail.stop(),
  }
}
