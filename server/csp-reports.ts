import { generalProblem } from '#contracts/kit/problem.ts'
import * as routes from '#contracts/operations/routes.ts'
import type { Clock } from './platform/clock.ts'
import {
  countViolations,
  listViolations,
  readViolations,
  sweepViolations,
} from './platform/csp-reports.ts'
import type { Database } from './platform/db/database.ts'
import { type Binding, bind } from './platform/http/binding.ts'
import { decodeCursor, encodeCursor } from './platform/http/cursor.ts'
import type { Ids } from './platform/ids.ts'
import type { JobHandler } from './platform/module.ts'

type Deps = Readonly<{ db: Database; ids: Ids; clock: Clock }>

const PAGE = 50
const MOST_BYTES = 16 * 1024
/** Greater than every id. */
const NEWEST = 'd'

/** Where browsers send what a page's policy has stopped, and where operators read it. */
export function cspReportRoutes(deps: Deps): Binding[] {
  return [
    bind(routes.reportViolation, async (_input, { upload, headers }) => {
      const type = String(headers['content-type']).split(';', 1)[0]
      if (!routes.REPORT_TYPES.some((one) => one === type))
        throw generalProblem('unsupported_media_type')
      const violations = readViolations(await readJson(upload))
      if (!violations) throw refuse('is no report of a violation')
      await countViolations(deps, violations)
      return { status: 204, body: undefined }
    }),
    bind(routes.listViolations, async ({ query: { cursor, limit = PAGE } }) => {
      const before = cursor ? String(decodeCursor(cursor, ['string'])[0]) : NEWEST
      const items = await listViolations(deps.db, { before, limit })
      const last = items.at(-1)
      const nextCursor = last && items.length === limit ? encodeCursor([last.id]) : null
      return { status: 200, body: { items, nextCursor } }
    }),
  ]
}

export function cspReportJobs({ db, clock }: Pick<Deps, 'db' | 'clock'>): JobHandler[] {
  const run = () => sweepViolations(db, clock.now())
  return [{ name: 'platform.sweep_violations', cron: '30 3 * * *', run }]
}

async function readJson(upload: AsyncIterable<Uint8Array> = noBytes()): Promise<unknown> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of upload) {
    size += part.length
    if (size > MOST_BYTES) throw generalProblem('payload_too_large')
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString()
  try {
    // PostgreSQL keeps no U+0000, and JSON can say it without writing it.
    return JSON.parse(text.replaceAll('\\u0000', ''))
  } catch {
    throw refuse('is not JSON')
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

function refuse(message: string) {
  return generalProblem('validation_failed', { errors: [{ path: 'body', message }] })
}
