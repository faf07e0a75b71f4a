import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { PushLanguage } from './texts.ts'

export type Subscription = Readonly<{
  id: string
  sealed: string
  language: PushLanguage
}>

const upsert = statement<{ id: string }>(
  'notifications.put_subscription',
  `insert into notifications.subscriptions as s
     (shard, id, endpoint_hash, sealed, account_id, language, created_at, used_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)
   on conflict (shard, endpoint_hash) do update set
     account_id = excluded.account_id, language = excluded.language, used_at = excluded.used_at
   returning s.id`,
)
const reseal = statement(
  'notifications.replace_endpoint',
  'update notifications.subscriptions set sealed = $3 where shard = $1 and id = $2',
)
const select = statement<Subscription>(
  'notifications.find_subscription',
  'select id, sealed, language from notifications.subscriptions where shard = $1 and id = $2',
)
const remove = statement(
  'notifications.delete_subscription',
  'delete from notifications.subscriptions where shard = $1 and id = $2',
)
const selectOfAccount = statement<{ id: string }>(
  'notifications.list_subscriptions_of_account',
  'select id from notifications.subscriptions where account_id = $1 order by id',
)
const selectUnused = statement<{ id: string }>(
  'notifications.list_unused_subscriptions',
  'select id from notifications.subscriptions where used_at < $1 order by id limit 500',
)

export type Watch = Readonly<{
  subject: string
  subscriptionId: string
  kind: 'order' | 'price'
  currency: string | null
  country: string | null
  amount: number | null
}>

const WATCH = `subject, subscription_id as "subscriptionId", kind, currency, country, amount::float8 as amount`

const insertWatch = statement(
  'notifications.put_watch',
  `insert into notifications.watches
     (shard, subject, subscription_id, kind, currency, country, amount, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (shard, subject, subscription_id) do update set
     currency = excluded.currency, country = excluded.country, amount = excluded.amount
     where watches.currency is distinct from excluded.currency`,
)
const selectWatches = statement<Watch>(
  'notifications.list_watches_of_subscription',
  `select ${WATCH} from notifications.watches where subscription_id = $1
   order by created_at, subject limit 200`,
)
const selectFollowers = statement<Watch>(
  'notifications.list_watches_of_subjects',
  `select ${WATCH} from notifications.watches w
   join unnest($1::smallint[], $2::text[]) as s(at, name) on w.shard = s.at and w.subject = s.name
   order by subject, subscription_id`,
)
const deleteWatch = statement(
  'notifications.delete_watch',
  'delete from notifications.watches where shard = $1 and subject = $2 and subscription_id = $3',
)
const deleteWatches = statement(
  'notifications.delete_watches_of_subscription',
  'delete from notifications.watches where subscription_id = $1',
)
const markDue = statement(
  'notifications.mark_prices_due',
  `with due as (
     select w.shard, w.subject, w.subscription_id from notifications.watches w
     join unnest($1::smallint[], $2::text[]) as s(at, name) on w.shard = s.at and w.subject = s.name
     where w.kind = 'price' and w.check_at is null
     order by w.shard, w.subject, w.subscription_id for update of w)
   update notifications.watches w set check_at = $3 from due
   where w.shard = due.shard and w.subject = due.subject and w.subscription_id = due.subscription_id`,
)
const claimDue = statement<Watch>(
  'notifications.claim_price_checks',
  `with due as (
     select shard, subject, subscription_id from notifications.watches
     where check_at <= $1 order by check_at limit 100 for update skip locked)
   update notifications.watches w set check_at = $2 from due
   where w.shard = due.shard and w.subject = due.subject and w.subscription_id = due.subscription_id
   returning w.subject, w.subscription_id as "subscriptionId", w.kind, w.currency, w.country,
     w.amount::float8 as amount`,
)
const settle = statement<{ changed: boolean }>(
  'notifications.settle_price_check',
  `update notifications.watches set check_at = null, amount = coalesce($5, amount)
   where shard = $1 and subject = $2 and subscription_id = $3 and amount is not distinct from $4
   returning true as changed`,
)
const insertNews = statement(
  'notifications.put_news',
  `insert into notifications.news (shard, subscription_id, id, facts, due_at, created_at)
   select s.shard, s.id, n.news_id, n.facts::jsonb, $5, $5
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) as n(at, subscription_id, news_id, facts)
   join notifications.subscriptions s on s.shard = n.at and s.id = n.subscription_id
   on conflict (shard, subscription_id, id) do nothing`,
)

export type News = Readonly<{ id: string; subscriptionId: string; facts: unknown; tries: number }>

const claimNews = statement<News>(
  'notifications.claim_news',
  `with due as (
     select shard, subscription_id, id from notifications.news
     where due_at <= $1 order by due_at limit 50 for update skip locked)
   update notifications.news n set due_at = $2, tries = n.tries + 1 from due
   where n.shard = due.shard and n.subscription_id = due.subscription_id and n.id = due.id
   returning n.id, n.subscription_id as "subscriptionId", n.facts, n.tries`,
)
const deleteNews = statement(
  'notifications.delete_news',
  'delete from notifications.news where shard = $1 and subscription_id = $2 and id = $3',
)
const postpone = statement(
  'notifications.postpone_news',
  'update notifications.news set due_at = $4 where shard = $1 and subscription_id = $2 and id = $3',
)

export type NewSubscription = Readonly<{
  id: string
  endpointHash: string
  sealed: string
  accountId: string | null
  language: PushLanguage
  at: string
}>

/** @returns the id of the browser's subscription, which may be there already. */
export async function putSubscription(tx: Tx, one: NewSubscription): Promise<string> {
  const { id, endpointHash, sealed, accountId, language, at } = one
  const rows = await upsert(tx, [shardOf(id), id, endpointHash, sealed, accountId, language, at])
  return rows[0]?.id ?? id
}

/** The keys may be new with the same address; they are sealed for the row that is kept. */
export async function replaceEndpoint(tx: Tx, id: string, sealed: string): Promise<void> {
  await reseal(tx, [shardOf(id), id, sealed])
}

export async function findSubscription(
  on: Queryable,
  id: string,
): Promise<Subscription | undefined> {
  return (await select(on, [shardOf(id), id]))[0]
}

/** With everything that it was to be told of. */
export async function deleteSubscription(tx: Tx, id: string): Promise<void> {
  await deleteWatches(tx, [id])
  await remove(tx, [shardOf(id), id])
}

export async function listOfAccount(on: Queryable, accountId: string): Promise<string[]> {
  return (await selectOfAccount(on, [accountId])).map(({ id }) => id)
}

export async function listUnused(on: Queryable, before: string): Promise<string[]> {
  return (await selectUnused(on, [before])).map(({ id }) => id)
}

export async function putWatch(tx: Tx, watch: Watch, at: string): Promise<void> {
  const { subject, subscriptionId, kind, currency, country, amount } = watch
  const key = [shardOf(subject), subject, subscriptionId]
  await insertWatch(tx, [...key, kind, currency, country, amount, at])
}

export function listWatches(on: Queryable, subscriptionId: string): Promise<Watch[]> {
  return selectWatches(on, [subscriptionId])
}

/** Who is to be told of these subjects. */
export function listFollowers(on: Queryable, subjects: readonly string[]): Promise<Watch[]> {
  const unique = [...new Set(subjects)]
  return selectFollowers(on, [unique.map(shardOf), unique])
}

export async function removeWatch(tx: Tx, watch: Pick<Watch, 'subject' | 'subscriptionId'>) {
  await deleteWatch(tx, [shardOf(watch.subject), watch.subject, watch.subscriptionId])
}

/** The prices of these products are looked at soon. */
export async function markPricesDue(tx: Tx, productIds: readonly string[], at: string) {
  const unique = [...new Set(productIds)]
  await markDue(tx, [unique.map(shardOf), unique, at])
}

/** @param until when others may try, should this process die. */
export function claimPriceChecks(on: Queryable, at: string, until: string): Promise<Watch[]> {
  return claimDue(on, [at, until])
}

/** Ends a check. @returns whether the watch was still as it was when it was claimed. */
export async function settlePriceCheck(
  tx: Tx,
  { subject, subscriptionId, amount }: Watch,
  newAmount: number | null,
): Promise<boolean> {
  const key = [shardOf(subject), subject, subscriptionId]
  return (await settle(tx, [...key, amount, newAmount])).length > 0
}

export type NewNews = Readonly<{ subscriptionId: string; id: string; facts: object }>

export async function putNews(tx: Tx, news: readonly NewNews[], at: string): Promise<void> {
  if (news.length === 0) return
  const subscriptions = news.map(({ subscriptionId }) => subscriptionId)
  const facts = news.map((one) => JSON.stringify(one.facts))
  await insertNews(tx, [
    subscriptions.map(shardOf),
    subscriptions,
    news.map(({ id }) => id),
    facts,
    at,
  ])
}

export function claimDueNews(on: Queryable, at: string, until: string): Promise<News[]> {
  return claimNews(on, [at, until])
}

export async function removeNews(on: Queryable, { subscriptionId, id }: News): Promise<void> {
  await deleteNews(on, [shardOf(subscriptionId), subscriptionId, id])
}

export async function postponeNews(on: Queryable, { subscriptionId, id }: News, until: string) {
  await postpone(on, [shardOf(subscriptionId), subscriptionId, id, until])
}
