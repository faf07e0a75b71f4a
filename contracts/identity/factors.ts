import { z } from 'zod'
import { route } from '../kit/route.ts'

const codes = z
  .strictObject({ recoveryCodes: z.array(z.string()).describe('Shown this once') })
  .meta({ id: 'RecoveryCodes' })
const FRESH = 'identity.reauthentication_required'
/** Staff who have a second factor show it before they change any. */
const SHOWN = 'second_factor_required'

export const beginTotp = route({
  operation: 'beginTotp',
  summary: 'Begins to set up an authenticator app; it counts once a code of it was confirmed',
  method: 'POST',
  path: '/api/v1/auth/totp',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ secret: z.string(), uri: z.string() }) },
  problems: [FRESH, SHOWN, 'identity.factor_exists'],
})

export const confirmTotp = route({
  operation: 'confirmTotp',
  summary: 'Confirms the authenticator app by a code of it; gives the recovery codes',
  method: 'POST',
  path: '/api/v1/auth/totp/confirmations',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ code: z.string().trim().min(6).max(20) }),
  replies: { 200: codes },
  problems: [FRESH, SHOWN, 'identity.factor_exists', 'identity.second_factor_wrong'],
})

export const removeTotp = route({
  operation: 'removeTotp',
  summary: 'Removes the authenticator app and the recovery codes',
  method: 'DELETE',
  path: '/api/v1/auth/totp',
  access: ['customer'],
  traffic: 'account',
  replies: { 204: z.undefined() },
  problems: [FRESH, SHOWN],
})

export const renewRecoveryCodes = route({
  operation: 'renewRecoveryCodes',
  summary: 'New recovery codes; the old ones are void',
  method: 'POST',
  path: '/api/v1/auth/recovery-codes',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: codes },
  problems: [FRESH, SHOWN, 'not_found'],
})

export const factorRoutes = [beginTotp, confirmTotp, removeTotp, renewRecoveryCodes] as const
