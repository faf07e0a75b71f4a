import { z } from 'zod'
import { Bytes, route } from '../kit/route.ts'

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

export const privacyRoutes = [exportMe, eraseMe] as const
