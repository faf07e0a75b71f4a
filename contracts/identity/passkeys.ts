import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { CeremonyToken, DeviceToken, SecondFactorNeeded, SignedIn } from './schemas.ts'

const FRESH = 'identity.reauthentication_required'
/** Staff who have a second factor show it before they change any. */
const SHOWN = 'second_factor_required'

export const Passkey = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    isSynced: z.boolean().describe('Whether it is kept on more than one device, or backed up'),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = Readonly<z.infer<typeof Passkey>>

const PasskeyName = z.string().trim().min(1).max(60)

/** Of W3C's Web Authentication Level 3: what `navigator.credentials` takes and gives, as JSON. */
const Base64Url = z
  .string()
  .regex(/^[\w-]+$/, 'is base64url')
  .max(16_384)
const credential = { id: Base64Url.max(2_048), rawId: Base64Url.max(2_048) }
const loose = {
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.string().max(40).nullish(),
}

export const NewCredential = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: z.array(z.string().max(20)).max(10).optional(),
    }),
    ...loose,
  })
  .meta({ id: 'NewCredential' })

export const SignedCredential = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Base64Url.nullish(),
    }),
    ...loose,
  })
  .meta({ id: 'SignedCredential' })

const begun = (what: string) =>
  z.strictObject({
    ceremony: z.string().describe('Comes back with the answer; for the one who asked alone'),
    options: z.record(z.string(), z.unknown()).describe(what),
    expiresAt: Timestamp,
  })

export const beginPasskey = route({
  operation: 'beginPasskey',
  summary: 'Begins to set up a passkey',
  method: 'POST',
  path: '/api/v1/auth/passkeys/registrations',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: begun('PublicKeyCredentialCreationOptionsJSON') },
  problems: [FRESH, SHOWN, 'identity.passkey_limit'],
})

export const addPasskey = route({
  operation: 'addPasskey',
  summary: 'Adds the passkey that the browser has made',
  method: 'POST',
  path: '/api/v1/auth/passkeys',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ ceremony: CeremonyToken, name: PasskeyName, credential: NewCredential }),
  replies: { 201: Passkey },
  problems: [
    FRESH,
    SHOWN,
    'identity.link_invalid',
    'identity.passkey_refused',
    'identity.passkey_limit',
    'identity.factor_exists',
  ],
})

export const listPasskeys = route({
  operation: 'listPasskeys',
  summary: 'Passkeys of the account',
  method: 'GET',
  path: '/api/v1/auth/passkeys',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ items: z.array(Passkey), nextCursor: z.null() }) },
})

const params = z.object({ passkeyId: id('psk') })

export const renamePasskey = route({
  operation: 'renamePasskey',
  summary: 'Names a passkey',
  method: 'PATCH',
  path: '/api/v1/auth/passkeys/:passkeyId',
  access: ['customer'],
  traffic: 'account',
  params,
  body: z.strictObject({ name: PasskeyName }),
  replies: { 200: Passkey },
  problems: ['not_found'],
})

export const removePasskey = route({
  operation: 'removePasskey',
  summary: 'Removes a passkey; removing it again is no error',
  method: 'DELETE',
  path: '/api/v1/auth/passkeys/:passkeyId',
  access: ['customer'],
  traffic: 'account',
  params,
  replies: { 204: z.undefined() },
  problems: [FRESH, SHOWN, 'identity.last_way_in'],
})

export const beginPasskeyLogin = route({
  operation: 'beginPasskeyLogin',
  summary: 'Begins to sign in by passkey; nothing is said of whom',
  method: 'POST',
  path: '/api/v1/auth/login/passkey/challenges',
  access: ['public'],
  traffic: 'account',
  replies: { 200: begun('PublicKeyCredentialRequestOptionsJSON') },
})

export const loginPasskey = route({
  operation: 'loginPasskey',
  summary: 'Signs in by passkey; 202 if it did not see who holds it and a code is needed besides',
  method: 'POST',
  path: '/api/v1/auth/login/passkey',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    ceremony: CeremonyToken,
    credential: SignedCredential,
    deviceToken: DeviceToken.optional(),
    cartId: id('crt').optional(),
  }),
  replies: { 200: SignedIn, 202: SecondFactorNeeded },
  problems: ['identity.link_invalid', 'identity.passkey_refused'],
})

export const passkeyRoutes = [
  beginPasskey,
  addPasskey,
  listPasskeys,
  renamePasskey,
  removePasskey,
  beginPasskeyLogin,
  loginPasskey,
] as const
