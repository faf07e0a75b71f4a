import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  CeremonyToken,
  DeviceToken,
  PasswordText,
  SecondFactorNeeded,
  SignedIn,
} from './schemas.ts'

const FRESH = 'identity.reauthentication_required'

export const ProviderLogin = z
  .strictObject({ id: z.string(), name: z.string(), createdAt: Timestamp })
  .meta({ id: 'ProviderLogin' })
export type ProviderLogin = Readonly<z.infer<typeof ProviderLogin>>

export const LinkNeeded = z
  .strictObject({
    status: z.literal('link_needed'),
    challenge: z.string(),
    email: z.string(),
    expiresAt: Timestamp,
  })
  .meta({
    id: 'LinkNeeded',
    description: 'The address has an account already: its password says that both are one person',
  })
export type LinkNeeded = Readonly<z.infer<typeof LinkNeeded>>

/** As the provider sent the browser back: the query of the redirection. */
const Returned = z.strictObject({
  code: z.string().max(4_096).optional(),
  state: z.string().max(512).optional(),
  iss: z.string().max(512).optional(),
  error: z.string().max(200).optional(),
})

const begun = z.strictObject({
  url: z.string().describe('Where to send the browser'),
  ceremony: z.string().describe('Comes back with the answer; for the browser that asked alone'),
  expiresAt: Timestamp,
})
const UNREACHABLE = 'identity.provider_unreachable'
const UNKNOWN = 'not_found'

export const listProviders = route({
  operation: 'listProviders',
  summary: 'Providers that one may sign in with',
  method: 'GET',
  path: '/api/v1/auth/providers',
  access: ['public'],
  traffic: 'browse',
  replies: {
    200: z.strictObject({
      items: z.array(z.strictObject({ name: z.string() })),
      nextCursor: z.null(),
    }),
  },
})

export const beginProviderLogin = route({
  operation: 'beginProviderLogin',
  summary: 'Begins to sign in with the OpenID Connect provider',
  method: 'POST',
  path: '/api/v1/auth/login/provider/challenges',
  access: ['public'],
  traffic: 'account',
  replies: { 200: begun },
  problems: [UNKNOWN, UNREACHABLE],
})

export const loginProvider = route({
  operation: 'loginProvider',
  summary: 'Signs in with what the provider sent the browser back with',
  method: 'POST',
  path: '/api/v1/auth/login/provider',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    ceremony: CeremonyToken,
    returned: Returned,
    deviceToken: DeviceToken.optional(),
    cartId: id('crt').optional(),
  }),
  replies: { 200: SignedIn, 202: z.union([SecondFactorNeeded, LinkNeeded]) },
  problems: [
    UNKNOWN,
    UNREACHABLE,
    'identity.link_invalid',
    'identity.provider_refused',
    'identity.provider_email_unproven',
  ],
})

export const linkProviderByPassword = route({
  operation: 'linkProviderByPassword',
  summary: 'Connects the provider with the account of the same address, by its password',
  method: 'POST',
  path: '/api/v1/auth/login/provider/links',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    challenge: CeremonyToken,
    password: PasswordText,
    deviceToken: DeviceToken.optional(),
    cartId: id('crt').optional(),
  }),
  replies: { 200: SignedIn, 202: SecondFactorNeeded },
  problems: ['identity.link_invalid', 'identity.credentials_wrong', 'identity.factor_exists'],
})

export const beginProviderLink = route({
  operation: 'beginProviderLink',
  summary: 'Begins to connect the provider with the account that is signed in',
  method: 'POST',
  path: '/api/v1/auth/provider-logins/challenges',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: begun },
  problems: [FRESH, UNKNOWN, UNREACHABLE],
})

export const addProviderLogin = route({
  operation: 'addProviderLogin',
  summary: 'Connects the provider with the account, by what it sent the browser back with',
  method: 'POST',
  path: '/api/v1/auth/provider-logins',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ ceremony: CeremonyToken, returned: Returned }),
  replies: { 201: ProviderLogin },
  problems: [
    FRESH,
    UNKNOWN,
    UNREACHABLE,
    'identity.link_invalid',
    'identity.provider_refused',
    'identity.factor_exists',
  ],
})

export const listProviderLogins = route({
  operation: 'listProviderLogins',
  summary: 'Sign-ins at providers that are connected with the account',
  method: 'GET',
  path: '/api/v1/auth/provider-logins',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ items: z.array(ProviderLogin), nextCursor: z.null() }) },
})

export const removeProviderLogin = route({
  operation: 'removeProviderLogin',
  summary: 'Disconnects a provider; doing so again is no error',
  method: 'DELETE',
  path: '/api/v1/auth/provider-logins/:providerLoginId',
  access: ['customer'],
  traffic: 'account',
  params: z.object({ providerLoginId: id('pvl') }),
  replies: { 204: z.undefined() },
  problems: [FRESH, 'identity.last_way_in'],
})

export const providerRoutes = [
  listProviders,
  beginProviderLogin,
  loginProvider,
  linkProviderByPassword,
  beginProviderLink,
  addProviderLogin,
  listProviderLogins,
  removeProviderLogin,
] as const
