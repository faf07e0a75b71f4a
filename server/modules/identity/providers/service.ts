import { accountRegistered, emailProven } from '#contracts/identity/events.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { LinkNeeded, ProviderLogin } from '#contracts/identity/providers.ts'
import type { SecondFactorNeeded, SignedIn } from '#contracts/identity/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { shardOf } from '../../../platform/ids.ts'
import { changeAccess } from '../access-change.ts'
import type { Entering, SignIn } from '../flows/sign-in.ts'
import { normalizeEmail } from '../model.ts'
import {
  findAccount,
  getAccount,
  insertAccount,
  listLogins,
  lockEmail,
  type StoredAccount,
} from '../repository.ts'
import { beginCeremony, findToken, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { assertWayInLeft } from '../ways-in.ts'
import type { Binding, ProvenPerson, Provider, Returned } from './openid.ts'
import {
  type AtProvider,
  deleteProviderLogin,
  findProviderLogin,
  insertProviderLogin,
  listProviderLoginsOf,
  type StoredProviderLogin,
} from './repository.ts'

type Owner = Readonly<{ accountId: string }>
type Session = Owner & Readonly<{ sessionId: string }>
type Begun = Readonly<{ url: string; ceremony: string; expiresAt: string }>
type Answer = Readonly<{ ceremony: string; returned: Returned }>
type Arriving = Omit<Entering, 'account' | 'isTwoFactor'>

/** Sign-in with a provider. Without one that is configured all but `list` is not found. */
export type ProviderLogins = Readonly<{
  providers(): readonly Readonly<{ name: string }>[]
  beginLogin(): Promise<Begun>
  /**
   * Signs in whom the provider names. Nobody gets into an account only because the provider says its address: such an
   * account is connected once its password or its own session has been shown.
   */
  login(input: Arriving & Answer): Promise<SignedIn | SecondFactorNeeded | LinkNeeded>
  linkByPassword(
    input: Arriving & Readonly<{ challenge: string; password: string; remoteAddress: string }>,
  ): Promise<SignedIn | SecondFactorNeeded>
  beginLink(input: Session): Promise<Begun>
  /** @throws identity.factor_exists if it is connected already, with this account or another */
  link(input: Session & Answer): Promise<ProviderLogin>
  list(input: Owner): Promise<ProviderLogin[]>
  /** @throws identity.last_way_in */
  remove(input: Owner & Readonly<{ providerLoginId: string }>): Promise<void>
}>

const PLACE = 'identity.one_time_tokens.provider'
const SECRET_BYTES = 32
const NAME_MAX = 120

export function makeProviderLogins(tools: Tools, signIn: SignIn): ProviderLogins {
  const { db, ids, clock, chance, outbox, vault, publicUrl, provider } = tools
  const redirectUri = `${publicUrl}/sign-in/provider`

  function getProvider(): Provider {
    if (!provider) throw generalProblem('not_found')
    return provider
  }

  async function begin(purpose: 'provider_login' | 'provider_link', session?: Session) {
    const draw = () => Buffer.from(chance.bytes(SECRET_BYTES)).toString('base64url')
    const binding: Binding = { state: draw(), nonce: draw(), codeVerifier: draw() }
    const url = await getProvider().authorizationUrl(redirectUri, binding)
    const begun = await beginCeremony(tools, {
      purpose,
      accountId: session?.accountId ?? null,
      ...(session ? { shard: shardOf(session.accountId) } : {}),
      data: {
        sealed: vault.seal(JSON.stringify(binding), PLACE),
        sessionId: session?.sessionId ?? null,
      },
    })
    return { url, ...begun }
  }

  /** Whom the provider has named to the one who began: each ceremony ends once, whatever came of it. */
  async function finish(
    { ceremony: token, returned }: Answer,
    session?: Session,
  ): Promise<ProvenPerson> {
    const purpose = session ? 'provider_link' : 'provider_login'
    const taken = await db.tx((tx) => takeToken(tx, { token, purpose, at: clock.now() }))
    const isOwn =
      taken?.accountId === (session?.accountId ?? null) &&
      taken.data?.['sessionId'] === (session?.sessionId ?? null)
    if (!taken || !isOwn) throw identityProblem('identity.link_invalid')
    const sealed = String(taken.data?.['sealed'])
    const binding = JSON.parse(vault.open(sealed, PLACE)) as Binding
    return getProvider().exchange(redirectUri, returned, binding)
  }

  async function connect(account: StoredAccount, at: AtProvider, token?: string) {
    const login = {
      ...at,
      id: ids.make('pvl'),
      accountId: account.id,
      at: clock.now().toISOString(),
    }
    await changeAccess(tools, account, async (tx) => {
      const asked = { token: token ?? '', purpose: 'provider_match', at: clock.now() } as const
      if (token !== undefined && !(await takeToken(tx, asked)))
        throw identityProblem('identity.link_invalid')
      if (!(await insertProviderLogin(tx, login))) throw identityProblem('identity.factor_exists')
    })
    return toProviderLogin({ ...login, createdAt: login.at }, getProvider())
  }

  /** An account of somebody whom the provider has proven, if the address is free; else whose it is. */
  async function openAccount(
    person: ProvenPerson,
    email: string,
  ): Promise<Readonly<{ id: string; isNew: boolean }>> {
    const id = ids.make('acc')
    const at = clock.now().toISOString()
    const name = (person.name?.trim() || email.split('@')[0] || email).slice(0, NAME_MAX)
    return db.tx(async (tx) => {
      await lockEmail(tx, email)
      const proven = (await listLogins(tx, email)).find(({ isProven }) => isProven)
      if (proven) return { id: proven.accountId, isNew: false }
      const login = { ...person, id: ids.make('pvl'), accountId: id, at }
      if (!(await insertProviderLogin(tx, login))) throw identityProblem('identity.link_invalid')
      const own = { id, email, name, language: null, passwordHash: null, isProven: true, at }
      await insertAccount(tx, own)
      const payload = { accountId: id }
      await outbox.append(tx, [
        { spec: accountRegistered, aggregateId: id, payload },
        { spec: emailProven, aggregateId: id, payload },
      ])
      return { id, isNew: true }
    })
  }

  async function meet(person: ProvenPerson): Promise<StoredAccount | LinkNeeded> {
    const { issuer, subject } = person
    const known = await findProviderLogin(db, person)
    if (known) {
      const account = await findAccount(db, known.accountId)
      if (!account) throw identityProblem('identity.provider_refused')
      return account
    }
    if (person.email === null || !person.isEmailProven)
      throw identityProblem('identity.provider_email_unproven')
    const email = normalizeEmail(person.email)
    const { id, isNew } = await openAccount(person, email)
    if (isNew) {
      outbox.appended.strike()
      await tools.orders.claimGuestOrders({ customerId: id, email })
      return getAccount(db, id)
    }
    const { ceremony: challenge, expiresAt } = await beginCeremony(tools, {
      purpose: 'provider_match',
      accountId: id,
      shard: shardOf(id),
      data: { issuer, subject },
    })
    return { status: 'link_needed', challenge, email, expiresAt }
  }

  return {
    providers: () => (provider ? [{ name: provider.name }] : []),
    beginLogin: () => begin('provider_login'),
    async login({ ceremony, returned, ...arriving }) {
      const met = await meet(await finish({ ceremony, returned }))
      if (met.status === 'link_needed') return met
      return signIn.enter({ ...arriving, account: met, isTwoFactor: false })
    },
    async linkByPassword({ challenge: token, password, remoteAddress, ...arriving }) {
      const asked = { token, purpose: 'provider_match', at: clock.now() } as const
      const found = await findToken(db, asked)
      const account = found?.accountId ? await findAccount(db, found.accountId) : undefined
      if (!found || !account) throw identityProblem('identity.link_invalid')
      await signIn.check({ email: account.email, password, remoteAddress }, account.id)
      const { issuer, subject } = found.data as AtProvider
      await connect(account, { issuer, subject }, token)
      return signIn.enter({ ...arriving, account, isTwoFactor: false })
    },
    beginLink: (session) => begin('provider_link', session),
    async link({ ceremony, returned, ...session }) {
      const person = await finish({ ceremony, returned }, session)
      return connect(await getAccount(db, session.accountId), person)
    },
    async list({ accountId }) {
      const logins = await listProviderLoginsOf(db, accountId)
      return logins.map((login) => toProviderLogin(login, provider))
    },
    async remove({ accountId, providerLoginId: id }) {
      const account = await getAccount(db, accountId)
      await changeAccess(tools, account, async (tx) => {
        if (await deleteProviderLogin(tx, { accountId, id })) await assertWayInLeft(tx, account)
      })
    },
  }
}

function toProviderLogin(
  { id, issuer, createdAt }: Omit<StoredProviderLogin, 'accountId'>,
  provider: Provider | null,
): ProviderLogin {
  const name = provider?.issuer === issuer ? provider.name : new URL(issuer).hostname
  return { id, name, createdAt }
}
