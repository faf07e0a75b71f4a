import { z } from 'zod'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { MediaKey } from '../media/addresses.ts'
import { Line, RecordId } from './admin-schemas.ts'
import { Image } from './schemas.ts'

// Which pictures a product or a variant shows, the first one first. A list that is set replaces the
// one before: so pictures are added, taken away and put into another order by one write, which may
// come twice.

const operators = { access: ['operator'], permission: 'catalog.write', traffic: 'admin' } as const
const readers = { ...operators, permission: 'catalog.read' } as const

const NewPicture = z.union([
  z.strictObject({
    key: MediaKey,
    alt: Line(500).optional().describe('What is to be seen; the name of what is sold if absent'),
  }),
  z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2000) }),
])
export type NewPicture = Readonly<z.infer<typeof NewPicture>>

const Pictures = z.strictObject({ items: z.array(NewPicture).max(50) })
const Written = z.strictObject({ id: z.string(), version: z.int() })

export const ShownPicture = Image.extend({
  key: MediaKey.optional().describe('Absent while the picture is elsewhere'),
}).meta({ id: 'ShownPicture' })

const Shown = z.strictObject({
  items: z.array(ShownPicture),
  version: z.int().describe('Of the product'),
})

const write = {
  method: 'PUT',
  ...operators,
  body: Pictures,
  replies: { 200: Written },
  takesIfMatch: true,
  problems: ['not_found', 'precondition_failed'],
  idempotency: 'accepted',
  bodyLimitBytes: 256 * 1024,
} as const

const read = {
  method: 'GET',
  ...readers,
  replies: { 200: Shown },
  problems: ['not_found'],
} as const

const ProductPlace = z.object({ productId: RecordId })
const VariantPlace = z.object({ productId: RecordId, variantId: RecordId })
const OF_PRODUCT = '/api/v1/admin/products/:productId/media'
const OF_VARIANT = '/api/v1/admin/products/:productId/variants/:variantId/media'

export const getProductMedia = route({
  operation: 'getProductMedia',
  summary: 'The pictures of a product, in their order',
  path: OF_PRODUCT,
  params: ProductPlace,
  ...read,
})

export const setProductMedia = route({
  operation: 'setProductMedia',
  summary:
    'Sets the pictures of a product: adds, takes away, describes and orders them. Those at an address are fetched soon after',
  path: OF_PRODUCT,
  params: ProductPlace,
  ...write,
})

export const getVariantMedia = route({
  operation: 'getVariantMedia',
  summary: 'The pictures of a variant alone, in their order',
  path: OF_VARIANT,
  params: VariantPlace,
  ...read,
})

export const setVariantMedia = route({
  operation: 'setVariantMedia',
  summary:
    'Sets the pictures of a variant alone; If-Match names the version of its product. They are shown before those of the product',
  path: OF_VARIANT,
  params: VariantPlace,
  ...write,
})

export const listImageFetches = route({
  operation: 'listImageFetches',
  summary: 'Products whose pictures are still to be fetched from elsewhere, or could not be',
  method: 'GET',
  path: '/api/v1/admin/catalog/image-fetches',
  ...readers,
  query: z.object({ cursor: z.string().max(1000).optional(), limit: queryInt(1, 100).optional() }),
  replies: {
    200: page(
      z.strictObject({
        productId: z.string(),
        attempts: z.int(),
        dueAt: Timestamp.nullable().describe('When it is tried again; null: it was given up'),
        error: z.string().optional(),
      }),
    ),
  },
})

export const catalogMediaRoutes = [
  getProductMedia,
  setProductMedia,
  getVariantMedia,
  setVariantMedia,
  listImageFetches,
] as const
