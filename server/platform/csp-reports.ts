import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import { statement } from './db/statement.ts'
import type { Ids } from './ids.ts'

/** What a page's policy has stopped, without anything of the person who saw the page. */
export type Violation = Readonly<{
  /** Path of the page, ids left out. */
  page: string
  /** `script-src-elem` */
  directive: string
  /** `inline`, `eval`, a scheme, an origin, or the path of a file of our own. */
  blocked: string
  /** Which script or page asked for it, if the browser knows. */
  source: string
}>

export type ListedViolation = Violation &
  Readonly<{ id: string; day: string; reports: number; firstAt: string; lastAt: string }>

const MOST_KINDS_A_DAY = 500
const KEPT_DAYS = 92
const MOST_LETTERS = 200

const text = z.string().max(10_000)
/** As browsers send it to `report-uri` (CSP level 2). */
const Old = z.object({
  'csp-report': z.object({
    'document-uri': text,
    'violated-directive': text.optional(),
    'effective-directive': text.optional(),
    'blocked-uri': text.optional(),
    'source-file': text.optional(),
  }),
})
/** As browsers send it to `report-to` (Reporting API): several at once, also of other types. */
const New = z
  .array(
    z.object({
      type: text,
      body: z.object({
        documentURL: text.optional(),
        effectiveDirective: text.optional(),
        blockedURL: text.optional(),
        sourceFile: text.nullish(),
      }),
    }),
  )
  .max(20)

/** Reads a report of either format. @returns undefined if it is none. */
export function readViolations(body: unknown): Violation[] | undefined {
  const old = Old.safeParse(body)
  if (old.success) {
    const report = old.data['csp-report']
    const directive = report['effective-directive'] ?? report['violated-directive'] ?? ''
    return [
      violation(report['document-uri'], directive, report['blocked-uri'], report['source-file']),
    ]
  }
  const several = New.safeParse(body)
  if (!several.success) return undefined
  return several.data
    .filter(({ type }) => type === 'csp-violation')
    .map(({ body: { documentURL, effectiveDirective = '', blockedURL, sourceFile } }) =>
      violation(documentURL ?? '', effectiveDirective, blockedURL, sourceFile),
    )
}

function violation(
  page: string,
  directive: string,
  blocked: string | undefined,
  source: string | null | undefined,
): Violation {
  const own = originOf(page)
  const [word = ''] = directive.split(' ')
  return {
    page: pathOf(page),
    directive: /^[a-z-]{1,40}$/.test(word) ? word : 'unknown',
    blocked: placeOf(blocked ?? '', own),
    source: placeOf(source ?? '', own),
  }
}

/** A path of our own, another's origin, a scheme, or a word such as `inline`. */
function placeOf(address: string, own: string | undefined): string {
  if (!URL.canParse(address)) return /^[a-z-]{1,40}$/.test(address) ? address : ''
  const { origin, protocol } = new URL(address)
  if (origin === 'null') return protocol
  return origin === own ? pathOf(address) : origin.slice(0, MOST_LETTERS)
}

function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined
}

/** Ids and tokens stand in paths; a page is the same whosever it is. */
const PERSONAL = /\/(?=[^/]*\d)[\w.~%-]{16,}(?=\/|$)/g

function pathOf(address: string): string {
  if (!URL.canParse(address)) return ''
  return new URL(address).pathname.replace(PERSONAL, '/:id').slice(0, MOST_LETTERS)
}

const countKnown = statement<{ id: string }>(
  'platform.count_known_violation',
  `update platform.csp_reports set reports = reports + 1, last_at = $6
   where day = $1 and page = $2 and directive = $3 and blocked = $4 and source = $5 returning id`,
)
const insertViolation = statement<{ id: string }>(
  'platform.insert_violation',
  `insert into platform.csp_reports as c
     (id, day, page, directive, blocked, source, reports, first_at, last_at)
   select $7, $1, $2, $3, $4, $5, 1, $6, $6
   where $8 or (select count(*) from platform.csp_reports where day = $1) < ${MOST_KINDS_A_DAY}
   on conflict (day, page, directive, blocked, source)
     do update set reports = c.reports + 1, last_at = excluded.last_at
   returning id`,
)
const listNewest = statement<ListedViolation>(
  'platform.list_violations',
  `select id, day, page, directive, blocked, source, reports, first_at as "firstAt", last_at as "lastAt"
   from platform.csp_reports where id < $1 order by id desc limit $2`,
)
const sweep = statement(
  'platform.sweep_violations',
  `delete from platform.csp_reports where day < $1::date - ${KEPT_DAYS}`,
)

/** What is counted together once a day has had too many kinds of reports. */
const OTHERS: Violation = { page: '', directive: 'unknown', blocked: '', source: '' }

/** Counts reports; a new kind of them beyond the bound is counted among the others. */
export async function countViolations(
  { db, ids, clock }: Readonly<{ db: Database; ids: Ids; clock: Clock }>,
  violations: readonly Violation[],
): Promise<void> {
  const at = clock.now().toISOString()
  const placeIn = ({ page, directive, blocked, source }: Violation) => [
    at.slice(0, 10),
    page,
    directive,
    blocked,
    source,
    at,
  ]
  for (const one of violations) {
    const [known] = await countKnown(db, placeIn(one))
    if (known) continue
    const [added] = await insertViolation(db, [...placeIn(one), ids.make('csp'), false])
    if (!added) await insertViolation(db, [...placeIn(OTHERS), ids.make('csp'), true])
  }
}

/** Kinds of violations, the newest first. @param before ids before this one. */
export function listViolations(
  db: Database,
  { before, limit }: Readonly<{ before: string; limit: number }>,
): Promise<ListedViolation[]> {
  return listNewest(db, [before, limit])
}

/** Forgets what is older than three months. */
export async function sweepViolations(db: Database, now: Date): Promise<void> {
  await sweep(db, [now.toISOString().slice(0, 10)])
}
