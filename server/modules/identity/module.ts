import { accessChanged } from '#contracts/identity/events.ts'
import { isEvent } from '../../platform/events/consumer.ts'
import { createTail } from '../../platform/events/tail.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { IdentityApi } from './api.ts'
import type { IdentityDeps } from './deps.ts'
import { createDevices } from './devices.ts'
import { makeCreateOperator } from './flows/create-operator.ts'
import { createGuard } from './guard.ts'
import { createKeys, KEY_PREFIX } from './keys/service.ts'
import { normalizeEmail } from './model.ts'
import { createHasher } from './passwords/hasher.ts'
import { type PasswordRules, readPasswordRules } from './passwords/rules.ts'
import { lateErasures } from './privacy/late-erasures.ts'
import { createProvider } from './providers/openid.ts'
import { endMarketing, listReaders } from './readers.ts'
import { listLogins } from './repository.ts'
import { accountBindings } from './routes/account.ts'
import { addressBindings } from './routes/addresses.ts'
import { factorBindings } from './routes/factors.ts'
import { keyBindings } from './routes/keys.ts'
import { passkeyBindings } from './routes/passkeys.ts'
import { privacyBindings } from './routes/privacy.ts'
import { providerBindings } from './routes/providers.ts'
import { staffBindings } from './routes/staff.ts'
import { sealedTotp } from './second-factor/sealed.ts'
import { createService, type SessionCookie } from './service.ts'
import { sweepSessions } from './sessions/repository.ts'
import { createSessions } from './sessions/service.ts'
import { sweepInvitations } from './staff/invitation-repository.ts'
import { sweepTokens } from './token-repository.ts'
import type { Tools } from './tools.ts'

/** `cookie` is for the door: the name under which browsers send their session. */
export type IdentityParts = ModuleParts<IdentityApi> & Readonly<{ cookie: SessionCookie }>

/** Accounts: who somebody is, and what they may do. */
export function createIdentity(deps: IdentityDeps): IdentityParts {
  const { db, clock, log, outbox, mailbox, throttle, chance, vault, referenceFolder } = deps
  let rules: Promise<PasswordRules> | undefined
  const sessions = createSessions(deps)
  const keys = createKeys(deps, sessions)
  const tools: Tools = {
    ...deps,
    sessions,
    keys,
    guard: createGuard(throttle),
    devices: createDevices({ chance, vault }),
    hasher: createHasher({ chance }),
    provider: deps.openId ? createProvider(deps.openId, log) : null,
    rules() {
      rules ??= readPasswordRules(referenceFolder)
      return rules
    },
  }
  const openedBy = (token: string) => (token.startsWith(`${KEY_PREFIX}_`) ? keys : sessions)
  const service = createService(tools)
  const tail = createTail({
    outbox,
    clock,
    log,
    onEvents(events) {
      for (const event of events) {
        if (!isEvent(accessChanged, event)) continue
        sessions.forget(event.payload.accountId)
        keys.forget(event.payload.accountId)
      }
    },
  })
  return {
    api: {
      recognise: (token) => openedBy(token).recognise(token),
      recall: (token) => openedBy(token).recall(token),
      createOperator: makeCreateOperator(tools),
      async findByEmail({ email }) {
        const [login] = await listLogins(db, normalizeEmail(email))
        return login && { accountId: login.accountId }
      },
      exportPerson: service.privacy.export,
      erasePerson: service.privacy.erase,
      readersOf: ({ accountIds }) => listReaders(db, accountIds),
      endMarketing: ({ accountId }) => endMarketing(db, accountId),
      listMails: ({ limit }) => mailbox.list(limit),
    },
    cookie: service.cookie,
    routes: [
      ...accountBindings(service),
      ...addressBindings(service),
      ...factorBindings(service),
      ...passkeyBindings(service),
      ...keyBindings(service),
      ...privacyBindings(service),
      ...providerBindings(service),
      ...staffBindings(service),
    ],
    consumers: [],
    sealed: [sealedTotp],
    tickers: [
      ...service.password.tickers,
      ...service.guestPrivacy.tickers,
      ...keys.tickers,
      ...mailbox.tickers,
      lateErasures(deps),
    ],
    jobs: [
      ...mailbox.jobs,
      {
        name: 'identity.sweep',
        cron: '50 * * * *',
        async run() {
          await sweepTokens(db, clock.now())
          await sweepSessions(db, clock.now().toISOString())
          await sweepInvitations(db, clock.now().toISOString())
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
