import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Timestamp } from '../kit/page.ts'
import { PERMISSIONS } from '../kit/permissions.ts'
import { route } from '../kit/route.ts'

export const ApiKey = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    start: z.string().describe('How the key begins, to know it by'),
    ownerName: z.string().describe('Whose rights it is bound by'),
    scopes: z.array(z.enum(PERMISSIONS)),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable().describe('To about a minute'),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = Readonly<z.infer<typeof ApiKey>>

const NewApiKey = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scopes: z
    .array(z.enum(PERMISSIONS))
    .min(1)
    .describe('What it may do: at most what its owner may, now and later'),
  expiresInDays: z.int().min(1).max(3_650).nullable().default(365),
})
const made = ApiKey.extend({ key: z.string().describe('Shown this once') }).meta({
  id: 'NewApiKeyShown',
})
const list = z.strictObject({ items: z.array(ApiKey), nextCursor: z.null() })
const MAKING = [
  'identity.reauthentication_required',
  'identity.scope_beyond_rights',
  'identity.key_limit',
] as const

export const listApiKeys = route({
  operation: 'listApiKeys',
  summary: "Operators' keys for programs",
  method: 'GET',
  path: '/api/v1/admin/api-keys',
  access: ['operator'],
  permission: 'keys.write',
  traffic: 'admin',
  replies: { 200: list },
})

export const createApiKey = route({
  operation: 'createApiKey',
  summary: 'Makes a key for a program; the key itself is shown this once',
  method: 'POST',
  path: '/api/v1/admin/api-keys',
  access: ['operator'],
  permission: 'keys.write',
  traffic: 'admin',
  body: NewApiKey,
  replies: { 201: made },
  problems: MAKING,
})

export const revokeApiKey = route({
  operation: 'revokeApiKey',
  summary: 'Revokes a key at once; doing so again is no error',
  method: 'DELETE',
  path: '/api/v1/admin/api-keys/:keyId',
  access: ['operator'],
  permission: 'keys.write',
  traffic: 'admin',
  params: z.object({ keyId: id('key') }),
  replies: { 204: z.undefined() },
})

const seller = z.object({ sellerId: id('sel') })

export const listSellerApiKeys = route({
  operation: 'listSellerApiKeys',
  summary: "Keys for a seller's programs",
  method: 'GET',
  path: '/api/v1/seller/:sellerId/api-keys',
  access: ['seller'],
  permission: 'keys.write',
  traffic: 'admin',
  params: seller,
  replies: { 200: list },
  problems: ['not_found'],
})

export const createSellerApiKey = route({
  operation: 'createSellerApiKey',
  summary: "Makes a key for a seller's program; the key itself is shown this once",
  method: 'POST',
  path: '/api/v1/seller/:sellerId/api-keys',
  access: ['seller'],
  permission: 'keys.write',
  traffic: 'admin',
  params: seller,
  body: NewApiKey,
  replies: { 201: made },
  problems: ['not_found', ...MAKING],
})

export const revokeSellerApiKey = route({
  operation: 'revokeSellerApiKey',
  summary: "Revokes a key of a seller's at once; doing so again is no error",
  method: 'DELETE',
  path: '/api/v1/seller/:sellerId/api-keys/:keyId',
  access: ['seller'],
  permission: 'keys.write',
  traffic: 'admin',
  params: seller.extend({ keyId: id('key') }),
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

export const keyRoutes = [
  listApiKeys,
  createApiKey,
  revokeApiKey,
  listSellerApiKeys,
  createSellerApiKey,
  revokeSellerApiKey,
] as const
