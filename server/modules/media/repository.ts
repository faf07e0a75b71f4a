import { statement } from '../../platform/db/statement.ts'

export type FileRow = Readonly<{
  key: string
  width: number
  height: number
  color: string
  bytes: number
  sourceUrl: string | null
  createdBy: string
  createdAt: string
  /** The moment as the database writes it, to the microsecond. */
  place: string
}>

const COLUMNS = `key, width, height, color, bytes, source_url as "sourceUrl",
  created_by as "createdBy", created_at as "createdAt", created_at::text as place`

/** None returned: it is there already. */
export const insertFile = statement<FileRow>(
  'media.insert_file',
  `insert into media.files (key, width, height, color, format, bytes, source_url, created_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing returning ${COLUMNS}`,
)

export const readFiles = statement<FileRow>(
  'media.read_files',
  `select f.* from unnest($1::text[]) as k (key)
   cross join lateral (
     select ${COLUMNS} from media.files f where f.key = k.key offset 0
   ) f`,
)

export const insertSource = statement(
  'media.insert_source',
  `insert into media.sources as s (url_hash, url, key) values ($1, $2, $3)
   on conflict (url_hash) do update set key = excluded.key, fetched_at = now()
     where s.key <> excluded.key`,
)

export const readSources = statement<{ url: string; key: string }>(
  'media.read_sources',
  `select s.* from unnest($1::text[]) as k (url_hash)
   cross join lateral (
     select s.url, s.key from media.sources s where s.url_hash = k.url_hash offset 0
   ) s`,
)

export const listFilesBefore = statement<FileRow>(
  'media.list_files_before',
  `select ${COLUMNS} from media.files
   where (created_at, key) < ($1::timestamptz, $2)
   order by created_at desc, key desc limit $3`,
)
