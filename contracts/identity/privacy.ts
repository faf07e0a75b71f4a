import { z } from 'zod'
import { Language } from '../kit/language.ts'
import { Timestamp } from '../kit/page.ts'
import { Bytes, route } from '../kit/route.ts'
import { CeremonyToken, Email } from './schemas.ts'

const FRESH = 'identity.reauthentication_required'

export const ErasureReport = z
  .strictObject({
    accountId: z.string(),
    erasedAt: z.iso.datetime(),
    tables: z.array(
      z.strictObject({
        table: z.string(),
        deleted: z.int(),
        anonymised: z.int(),
        reason: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ErasureReport' })
export type ErasureReport = Readonly<z.infer<typeof ErasureReport>>

export const exportMe = route({
  operation: 'exportMe',
  summary: 'Everything that the shop keeps of the account, as one ZIP archive of JSON',
  method: 'GET',
  path: '/api/v1/me/export',
  access: ['customer'],
  traffic: 'export',
  limit: { burst: 5, perSecond: 1 / 120 },
  replies: { 200: Bytes },
  download: ['application/zip'],
  problems: [FRESH],
})

export const eraseMe = route({
  operation: 'eraseMe',
  summary: 'Erases the account; what the law keeps is kept without the person. Cannot be undone',
  method: 'DELETE',
  path: '/api/v1/me',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: ErasureReport },
  problems: [FRESH],
})

const ofGuests = { access: ['public'], traffic: 'account' } as const
const SELDOM = { burst: 20, perSecond: 0.05 } as const
const byLink = z.strictObject({ token: CeremonyToken })

export const requestGuestPrivacy = route({
  ...ofGuests,
  operation: 'requestGuestPrivacy',
  summary:
    'Mails a link to an address, for a copy or the end of what guests have left under it; the answer is the same for all',
  method: 'POST',
  path: '/api/v1/privacy/guest-requests',
  limit: SELDOM,
  body: z.strictObject({ email: Email, language: Language.optional() }),
  replies: { 202: z.strictObject({ status: z.literal('accepted') }) },
})

export const GuestCopy = z
  .strictObject({
    email: z.string(),
    madeAt: Timestamp,
    parts: z.record(z.string(), z.unknown()).describe('What each module keeps'),
  })
  .meta({ id: 'GuestCopy' })
export type GuestCopy = Readonly<z.infer<typeof GuestCopy>>

export const exportGuest = route({
  ...ofGuests,
  operation: 'exportGuest',
  summary: 'Everything that hangs on the address to which the link was mailed; within its hour',
  method: 'POST',
  path: '/api/v1/privacy/guest-exports',
  limit: SELDOM,
  body: byLink,
  replies: { 200: GuestCopy },
  problems: ['identity.link_invalid'],
})

export const eraseGuest = route({
  ...ofGuests,
  operation: 'eraseGuest',
  summary:
    'Erases what hangs on that address, and uses the link up; what the law keeps is kept without the person',
  method: 'POST',
  path: '/api/v1/privacy/guest-erasures',
  limit: SELDOM,
  body: byLink,
  replies: { 200: ErasureReport },
  problems: ['identity.link_invalid'],
})

export const privacyRoutes = [
  exportMe,
  eraseMe,
  requestGuestPrivacy,
  exportGuest,
  eraseGuest,
] as const
