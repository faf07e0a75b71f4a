import { rm } from 'node:fs/promises'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Database } from '../../platform/db/database.ts'
import { only, statement } from '../../platform/db/statement.ts'
import type { MediaStore } from './stores/store.ts'

/** A picture that no product ever showed goes after these, one that products showed after those. */
const NEVER_SHOWN = "interval '30 days'"
const ONCE_SHOWN = "interval '3 years'"
/** Long before that all that are shown are renewed. */
const UNSEEN = "interval '1 year'"
/** A fresh row is not written again. */
const FRESH = "interval '1 day'"
/** Who has claimed a removal and did not end it by then has died. */
const CLAIM = "interval '10 minutes'"

const renewFiles = statement(
  'media.renew_files',
  `with due as (
     select key from media.files
     where key = any ($1::text[]) and (used_at < now() - ${FRESH} or is_shown < $2::boolean)
     order by key for update
   )
   update media.files f set used_at = now(), is_shown = f.is_shown or $2
   from due where f.key = due.key`,
)

const isAnyUnseen = statement<{ found: boolean }>(
  'media.is_any_unseen',
  `select exists (
     select from media.files where is_shown and used_at < now() - ${UNSEEN}
   ) as found`,
)

// A row that is renewed meanwhile no longer is due when the deletion comes to it.
const retireFiles = statement<{ key: string }>(
  'media.retire_files',
  `with due as (
     (select key from media.files
      where not is_shown and used_at < now() - ${NEVER_SHOWN} limit 500)
     union all
     (select key from media.files
      where is_shown and used_at < now() - ${ONCE_SHOWN} limit 500)
   ), gone as (
     delete from media.files f using due
     where f.key = due.key and f.used_at < now() - ${NEVER_SHOWN}
     returning f.key
   )
   insert into media.removals (key) select key from gone order by key
   on conflict (key) do update set claimed_at = null
   returning key`,
)

const claimRemoval = statement<{ key: string }>(
  'media.claim_removal',
  `update media.removals r set claimed_at = now()
   from (
     select key from media.removals
     where claimed_at is null or claimed_at < now() - ${CLAIM}
     order by key limit 1 for update skip locked
   ) k
   where r.key = k.key returning r.key`,
)

const endRemoval = statement('media.end_removal', 'delete from media.removals where key = $1')

const callOffRemoval = statement(
  'media.call_off_removal',
  `delete from media.removals
   where key = $1 and (claimed_at is null or claimed_at < now() - ${CLAIM})`,
)

const isRemoving = statement<{ found: boolean }>(
  'media.is_removing',
  'select exists (select from media.removals where key = $1) as found',
)

/** Says that pictures are wanted: what is there after this stays for its time of grace. */
export async function renew(
  db: Database,
  keys: readonly string[],
  { isShown }: Readonly<{ isShown: boolean }>,
): Promise<void> {
  if (keys.length > 0) await renewFiles(db, [keys, isShown])
}

/** Whether a picture that products showed has not been renewed for so long that one should look. */
export async function hasUnseen(db: Database): Promise<boolean> {
  return only(await isAnyUnseen(db)).found
}

/**
 * Before bytes are put under a key: nobody removes them behind our back.
 * @throws unavailable if somebody is just removing them
 */
export async function callOff(db: Database, key: string): Promise<void> {
  await callOffRemoval(db, [key])
  if (only(await isRemoving(db, [key])).found)
    throw generalProblem('unavailable', { detail: 'This picture is just being removed.' })
}

/**
 * Removes pictures that nobody has wanted for their time of grace: the rows first, so that nothing
 * names a picture that is not there, then the bytes. What was cut off goes on here.
 * @returns how many
 */
export async function removeUnused(
  {
    db,
    store,
    folderOf,
  }: Readonly<{
    db: Database
    store: MediaStore
    /** Where the sizes of a picture are. */
    folderOf(key: string): string
  }>,
  signal: AbortSignal,
): Promise<number> {
  while (!signal.aborted && (await retireFiles(db)).length > 0);
  let removed = 0
  while (!signal.aborted) {
    const [claimed] = await claimRemoval(db)
    if (!claimed) break
    await store.remove(claimed.key)
    await rm(folderOf(claimed.key), { recursive: true, force: true })
    await endRemoval(db, [claimed.key])
    removed += 1
  }
  return removed
}
