import type { FraudRuleSet } from '#contracts/fraud/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isUniqueViolation } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { expectVersion } from '../../platform/http/etag.ts'
import { DEFAULT_RULE_SET } from './default-rules.ts'

/** A change made in another process counts here within this time. */
const RULES_LAST_MS = 2_000

const RULE_SET = `version, mode, review_at as "reviewAt", deny_at as "denyAt", rules, note,
  created_by as "createdBy", created_at as "createdAt"`

const listVersions = statement<FraudRuleSet>(
  'fraud.list_rule_sets',
  `select ${RULE_SET} from fraud.rule_sets where version < $1 order by version desc limit $2`,
)

const insertVersion = statement(
  'fraud.insert_rule_set',
  `insert into fraud.rule_sets
     (version, mode, review_at, deny_at, rules, note, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
)

const NEWEST = 2_147_483_647

export type Rules = Readonly<{
  /** The rules that count now. */
  current(): Promise<FraudRuleSet>
  /** Versions before one, newest first; the shop's own, version 0, is the last. */
  list(input: { before: number | null; limit: number }): Promise<FraudRuleSet[]>
  /** @throws precondition_failed if it is no longer the expected version, conflict in a race */
  change(
    input: Pick<FraudRuleSet, 'mode' | 'reviewAt' | 'denyAt' | 'rules' | 'note'> &
      Readonly<{ by: string; expectedVersion: number | undefined }>,
  ): Promise<FraudRuleSet>
}>

/** The rules by which orders are screened: versions that are added and never changed. */
export function createRules({ db, clock }: Readonly<{ db: Database; clock: Clock }>): Rules {
  let kept: Readonly<{ ruleSet: Promise<FraudRuleSet>; until: number }> | null = null

  async function read(): Promise<FraudRuleSet> {
    const [newest] = await listVersions(db, [NEWEST, 1])
    return newest ?? DEFAULT_RULE_SET
  }

  function current(): Promise<FraudRuleSet> {
    const now = clock.monotonicMs()
    if (kept && kept.until > now) return kept.ruleSet
    const ruleSet = read()
    kept = { ruleSet, until: now + RULES_LAST_MS }
    ruleSet.catch(() => {
      kept = null
    })
    return ruleSet
  }

  return {
    current,
    async list({ before, limit }) {
      const rows = await listVersions(db, [before ?? NEWEST, limit])
      return rows.length < limit && before !== 0 ? [...rows, DEFAULT_RULE_SET] : rows
    },
    async change({ by, expectedVersion, ...wanted }) {
      const before = await read()
      expectVersion(expectedVersion, before.version)
      const ruleSet = {
        ...wanted,
        version: before.version + 1,
        createdBy: by,
        createdAt: clock.now().toISOString(),
      }
      const { version, mode, reviewAt, denyAt, rules, note, createdBy, createdAt } = ruleSet
      const values = [version, mode, reviewAt, denyAt, JSON.stringify(rules), note]
      await insertVersion(db, [...values, createdBy, createdAt]).catch((error: unknown) => {
        throw isUniqueViolation(error) ? generalProblem('conflict') : error
      })
      kept = null
      return ruleSet
    },
  }
}
