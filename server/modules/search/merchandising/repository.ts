import type { SearchChange, SearchRule, SearchSynonym } from '#contracts/search/schemas.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'

const VERSIONED = `version, created_at as "createdAt", updated_at as "updatedAt"`
const SYNONYM = `id, from_words as "from", to_words as "to", one_way as "oneWay", locale, enabled,
  ${VERSIONED}`
const RULE = `id, name, condition, effect, priority, starts_at as "startsAt", ends_at as "endsAt",
  enabled, ${VERSIONED}`

export const synonyms = {
  list: statement<SearchSynonym>(
    'search.list_synonyms',
    `select ${SYNONYM} from search.synonyms where id < $1 order by id desc limit $2`,
  ),
  find: statement<SearchSynonym>(
    'search.find_synonym',
    `select ${SYNONYM} from search.synonyms where id = $1`,
  ),
  lock: statement<SearchSynonym>(
    'search.lock_synonym',
    `select ${SYNONYM} from search.synonyms where id = $1 for update`,
  ),
  insert: statement<SearchSynonym>(
    'search.insert_synonym',
    `insert into search.synonyms (id, from_words, to_words, one_way, locale, enabled)
     values ($1, $2, $3, $4, $5, $6) returning ${SYNONYM}`,
  ),
  update: statement<SearchSynonym>(
    'search.update_synonym',
    `update search.synonyms
     set from_words = $2, to_words = $3, one_way = $4, locale = $5, enabled = $6,
         version = version + 1, updated_at = now()
     where id = $1 returning ${SYNONYM}`,
  ),
  remove: statement('search.remove_synonym', 'delete from search.synonyms where id = $1'),
} as const

export const rules = {
  list: statement<SearchRule>(
    'search.list_rules',
    `select ${RULE} from search.rules where id < $1 order by id desc limit $2`,
  ),
  find: statement<SearchRule>('search.find_rule', `select ${RULE} from search.rules where id = $1`),
  lock: statement<SearchRule>(
    'search.lock_rule',
    `select ${RULE} from search.rules where id = $1 for update`,
  ),
  insert: statement<SearchRule>(
    'search.insert_rule',
    `insert into search.rules
       (id, name, condition, effect, priority, starts_at, ends_at, enabled)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${RULE}`,
  ),
  update: statement<SearchRule>(
    'search.update_rule',
    `update search.rules
     set name = $2, condition = $3, effect = $4, priority = $5, starts_at = $6, ends_at = $7,
         enabled = $8, version = version + 1, updated_at = now()
     where id = $1 returning ${RULE}`,
  ),
  remove: statement('search.remove_rule', 'delete from search.rules where id = $1'),
} as const

const listEnabledSynonyms = statement<SearchSynonym>(
  'search.list_enabled_synonyms',
  `select ${SYNONYM} from search.synonyms where enabled order by id`,
)
const listEnabledRules = statement<SearchRule>(
  'search.list_enabled_rules',
  `select ${RULE} from search.rules where enabled order by priority desc, id`,
)

export const readVersion = statement<{ version: number }>(
  'search.read_merchandising_version',
  'select version from search.merchandising_version where only_row',
)
/** Who changes anything waits here for whoever does so already. */
export const moveVersion = statement<{ version: number }>(
  'search.move_merchandising_version',
  `update search.merchandising_version set version = version + 1 where only_row
   returning version`,
)
export const countAll = statement<{ synonym: number; rule: number }>(
  'search.count_merchandising',
  `select (select count(*)::int from search.synonyms) as synonym,
          (select count(*)::int from search.rules) as rule`,
)

export const insertChange = statement(
  'search.insert_change',
  `insert into search.changes (id, actor, action, entity, entity_id, diff)
   values ($1, $2, $3, $4, $5, $6)`,
)
const CHANGE = `id, actor, action, entity, entity_id as "entityId", diff, changed_at as "changedAt"`
export const listAllChanges = statement<SearchChange>(
  'search.list_all_changes',
  `select ${CHANGE} from search.changes where id < $1 order by id desc limit $2`,
)
export const listChangesOfEntity = statement<SearchChange>(
  'search.list_changes_of_entity',
  `select ${CHANGE} from search.changes
   where entity_id = $3 and id < $1 order by id desc limit $2`,
)

/** All that holds now or may hold later, and its version. */
export async function readMerchandising(db: Database) {
  return db.tx(
    async (tx) => {
      const [row] = await readVersion(tx)
      return {
        version: row?.version ?? 0,
        synonyms: await listEnabledSynonyms(tx),
        rules: await listEnabledRules(tx),
      }
    },
    { isolation: 'repeatable read' },
  )
}
