import type { Configuration } from 'openid-client'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { Log } from '../../../platform/log.ts'

export type OpenIdSettings = Readonly<{
  issuer: string
  clientId: string
  /** Null: a public client, by PKCE alone. */
  clientSecret: string | null
  /** As shoppers know the provider. */
  name: string
}>

/** What binds the provider's answer to the one who asked. */
export type Binding = Readonly<{ state: string; nonce: string; codeVerifier: string }>

export type Returned = Readonly<{
  code?: string | undefined
  state?: string | undefined
  iss?: string | undefined
  error?: string | undefined
}>

export type ProvenPerson = Readonly<{
  issuer: string
  subject: string
  email: string | null
  isEmailProven: boolean
  name: string | null
}>

/** A provider by OpenID Connect: authorization code with PKCE, state and nonce. */
export type Provider = Readonly<{
  name: string
  issuer: string
  /** @throws identity.provider_unreachable */
  authorizationUrl(redirectUri: string, binding: Binding): Promise<string>
  /** @throws identity.provider_refused, identity.provider_unreachable */
  exchange(redirectUri: string, returned: Returned, binding: Binding): Promise<ProvenPerson>
}>

const TIMEOUT_SECONDS = 5

/** Reads the provider's settings from itself when they are first needed, and again if that failed. */
export function createProvider(settings: OpenIdSettings, log: Log): Provider {
  const { issuer, clientId, clientSecret, name } = settings
  const library = () => import('openid-client')
  let known: Promise<Configuration> | undefined

  async function discover(): Promise<Configuration> {
    const openid = await library()
    const execute = [
      openid.enableNonRepudiationChecks,
      ...(issuer.startsWith('http:') ? [openid.allowInsecureRequests] : []),
    ]
    const authentication = clientSecret === null ? openid.None() : undefined
    return openid.discovery(new URL(issuer), clientId, clientSecret ?? undefined, authentication, {
      execute,
      timeout: TIMEOUT_SECONDS,
    })
  }

  async function configuration(): Promise<Configuration> {
    known ??= discover()
    try {
      return await known
    } catch (error) {
      known = undefined
      log.warn({ error: String(error) }, 'the OpenID provider does not answer')
      throw identityProblem('identity.provider_unreachable')
    }
  }

  async function personOf(returnedTo: URL, { state, nonce, codeVerifier }: Binding) {
    const openid = await library()
    const config = await configuration()
    const tokens = await openid.authorizationCodeGrant(config, returnedTo, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('There is no ID token')
    const isWhole = claims['email'] !== undefined || !config.serverMetadata().userinfo_endpoint
    const told = isWhole
      ? claims
      : { ...claims, ...(await openid.fetchUserInfo(config, tokens.access_token, claims.sub)) }
    const { email, name: called } = told
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: typeof email === 'string' ? email : null,
      isEmailProven: told['email_verified'] === true,
      name: typeof called === 'string' ? called : null,
    }
  }

  return {
    name,
    issuer,
    async authorizationUrl(redirectUri, { state, nonce, codeVerifier }) {
      const openid = await library()
      const url = openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
      return url.href
    },
    async exchange(redirectUri, returned, binding) {
      const returnedTo = new URL(redirectUri)
      for (const [key, value] of Object.entries(returned))
        if (value !== undefined) returnedTo.searchParams.set(key, value)
      await configuration()
      return personOf(returnedTo, binding).catch((error: unknown) => {
        log.info({ error: String(error) }, 'a sign-in by the OpenID provider came to nothing')
        const isAway = isUnreachable(error)
        throw identityProblem(
          isAway ? 'identity.provider_unreachable' : 'identity.provider_refused',
        )
      })
    },
  }
}

/** `fetch` fails by a TypeError; the library names what took too long. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  return (
    error.name === 'TimeoutError' || code === 'OAUTH_TIMEOUT' || /fetch failed/.test(error.message)
  )
}
