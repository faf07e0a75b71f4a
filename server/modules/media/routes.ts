import { generalProblem } from '#contracts/kit/problem.ts'
import {
  MEDIA_FORMATS,
  MEDIA_WIDTHS,
  type MediaFormat,
  type MediaWidth,
  mediaUrl,
} from '#contracts/media/addresses.ts'
import { mediaProblem } from '#contracts/media/problems.ts'
import * as contract from '#contracts/media/routes.ts'
import type { Database } from '../../platform/db/database.ts'
import { actorName } from '../../platform/http/actor.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../../platform/http/cursor.ts'
import { namesEtag } from '../../platform/http/etag.ts'
import { tooLarge } from './intake.ts'
import { type FileRow, listFilesBefore, readFiles } from './repository.ts'
import type { Size } from './sizes.ts'
import { type Added, addFromUrl, addPicture, type UploadDeps } from './uploads.ts'

type Deps = UploadDeps & Readonly<{ sizes: Readonly<{ get(size: Size): Promise<Buffer> }> }>

const PAGE = 50
/** Raised when sizes are drawn otherwise than before. */
const DRAWING = 1
const TYPES = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const

export function createRoutes(deps: Deps): Binding[] {
  return [
    bind(contract.uploadMedia, async (_input, { actor, upload, headers }) => {
      if (!upload) throw mediaProblem('media.empty')
      if (Number(headers['content-length'] ?? 0) > contract.MAX_UPLOAD_BYTES) throw tooLarge()
      return added(await addPicture(deps, upload, { actor: actorName(actor) }))
    }),
    bind(contract.addMediaByUrl, async ({ body }, { actor }) =>
      added(await addFromUrl(deps, { ...body, actor: actorName(actor) })),
    ),
    bind(contract.getMedia, async ({ params }) => {
      const [file] = await readFiles(deps.db, [[params.key]])
      if (!file) throw generalProblem('not_found')
      return { status: 200, body: toMedia(file) }
    }),
    bind(contract.listMedia, async ({ query }) => ({
      status: 200,
      body: await listMedia(deps.db, query),
    })),
    bind(contract.getMediaFile, async ({ params }, context) => {
      const size = readSize(params)
      const bytes = await deps.sizes.get(size)
      const etag = `"${size.key.slice(0, 24)}-${size.width}-${DRAWING}"`
      const headers = {
        etag,
        'content-type': TYPES[size.format],
        'cache-control': 'public, max-age=31536000, immutable',
        // Opened by itself it is a picture and nothing else.
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
      }
      if (namesEtag(context, etag)) return { status: 304, body: undefined, headers }
      return { status: 200, body: bytes, headers }
    }),
  ]
}

function added({ file, isNew }: Added) {
  return { status: isNew ? (201 as const) : (200 as const), body: toMedia(file) }
}

function toMedia({ place: _, sourceUrl, ...file }: FileRow): contract.Media {
  const source = sourceUrl === null ? {} : { sourceUrl }
  return { ...file, ...source, url: mediaUrl(file.key) }
}

/** @throws not_found for whatever is not exactly a key, a width and a format */
function readSize({ key, file }: Readonly<{ key: string; file: string }>): Size {
  const [, width, format] = /^(\d{1,5})\.(\w{1,5})$/.exec(file) ?? []
  const isSize =
    /^[0-9a-f]{64}$/.test(key) &&
    MEDIA_WIDTHS.some((one) => String(one) === width) &&
    MEDIA_FORMATS.some((one) => one === format)
  if (!isSize) throw generalProblem('not_found')
  return { key, width: Number(width) as MediaWidth, format: format as MediaFormat }
}

/** Later than every moment, and after every key. */
const NEWEST = ['infinity', 'g']

async function listMedia(
  db: Database,
  { cursor, limit = PAGE }: Readonly<{ cursor?: string | undefined; limit?: number | undefined }>,
) {
  const before = cursor === undefined ? NEWEST : decodeCursor(cursor, ['string', 'string'])
  if (cursor !== undefined && !/^\d{4}-[\d:. +-]{10,30}$/.test(String(before[0])))
    throw refuseCursor()
  const rows = await listFilesBefore(db, [...before, limit])
  const last = rows.at(-1)
  const nextCursor = last && rows.length === limit ? encodeCursor([last.place, last.key]) : null
  return { items: rows.map(toMedia), nextCursor }
}
