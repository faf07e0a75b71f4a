import { z } from 'zod'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { Bytes, route } from '../kit/route.ts'
import { MediaKey } from './addresses.ts'

const operators = { access: ['operator'], permission: 'catalog.write', traffic: 'admin' } as const
const readers = { ...operators, permission: 'catalog.read' } as const
const CONTENT = [
  'payload_too_large',
  'media.empty',
  'media.unsupported_format',
  'media.animated',
  'media.damaged',
  'media.too_many_pixels',
  'media.trailing_data',
] as const

export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024
export const MAX_PIXELS = 50_000_000

export const Media = z
  .strictObject({
    key: MediaKey,
    url: z.string(),
    width: z.int(),
    height: z.int(),
    color: z.string().describe('The mean of its colours, to be shown until it comes: #a08c7d'),
    bytes: z.int().describe('Size of what is kept'),
    sourceUrl: z.string().optional(),
    createdBy: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Media' })
export type Media = Readonly<z.infer<typeof Media>>

export const uploadMedia = route({
  operation: 'uploadMedia',
  summary:
    'Keeps a picture: JPEG, PNG, WebP, AVIF or a GIF that stands still, known by its bytes alone. The same bytes are the same picture',
  method: 'POST',
  path: '/api/v1/admin/media',
  ...operators,
  upload: ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'],
  replies: { 200: Media, 201: Media },
  problems: CONTENT,
  bodyLimitBytes: MAX_UPLOAD_BYTES,
})

export const addMediaByUrl = route({
  operation: 'addMediaByUrl',
  summary: 'Fetches a picture from a public address and keeps it',
  method: 'POST',
  path: '/api/v1/admin/media/by-url',
  ...operators,
  limit: { burst: 60, perSecond: 2 },
  body: z.strictObject({ url: z.string().min(1).max(2000) }),
  replies: { 200: Media, 201: Media },
  problems: [...CONTENT, 'media.address_refused', 'media.fetch_failed'],
})

export const getMedia = route({
  operation: 'getMedia',
  summary: 'What is known of a picture',
  method: 'GET',
  path: '/api/v1/admin/media/:key',
  ...readers,
  params: z.object({ key: MediaKey }),
  replies: { 200: Media },
  problems: ['not_found'],
})

export const listMedia = route({
  operation: 'listMedia',
  summary: 'Pictures, newest first',
  method: 'GET',
  path: '/api/v1/admin/media',
  ...readers,
  query: z.object({ cursor: z.string().max(1000).optional(), limit: queryInt(1, 100).optional() }),
  replies: { 200: page(Media) },
})

export const getMediaFile = route({
  operation: 'getMediaFile',
  summary:
    'A picture in one of the widths 160, 320, 480, 640, 960, 1280 and 1920, as avif, webp or jpg: `640.webp`. What an address gives never changes',
  method: 'GET',
  path: '/media/:key/:file',
  access: ['public'],
  traffic: 'browse',
  params: z.object({ key: z.string().max(500), file: z.string().max(500) }),
  replies: { 200: Bytes, 304: z.undefined() },
  download: ['image/avif', 'image/webp', 'image/jpeg'],
  problems: ['not_found'],
})

export const mediaRoutes = [uploadMedia, addMediaByUrl, getMedia, listMedia, getMediaFile] as const
