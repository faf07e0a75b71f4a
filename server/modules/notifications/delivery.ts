import { createHash } from 'node:crypto'
import webpush from 'web-push'
import { PushEndpoint } from '#contracts/notifications/schemas.ts'
import type { Ticker } from '../../platform/module.ts'
import { publicPost } from '../../platform/net/public-fetch.ts'
import type { NotificationsDeps } from './deps.ts'
import { Facts, outcomeOf, waitMs } from './model.ts'
import {
  claimDueNews,
  deleteSubscription,
  findSubscription,
  type News,
  postponeNews,
  removeNews,
  type Subscription,
} from './repository.ts'
import { type PushKeys, sealPlace } from './service.ts'
import { write } from './texts.ts'

const LEASE_MS = 60_000
const DEADLINE_MS = 10_000
const MOST_TRIES = 8
/** How long a push service keeps it for a browser that is away. */
const TTL_SECONDS = 3 * 86_400

/**
 * Sends what is to be told. At least once: an answer that was lost is asked for again; under its topic and tag the
 * browser then shows the same notice once.
 */
export function createDelivery(
  { db, clock, log, vault, publicUrl, post = publicPost }: NotificationsDeps,
  keys: PushKeys,
): Ticker {
  const vapidDetails = { subject: contactOf(publicUrl), ...keys }
  const later = (ms: number) => new Date(clock.now().getTime() + ms).toISOString()

  async function send({ sealed, id, language }: Subscription, news: News) {
    const { endpoint, keys } = PushEndpoint.parse(JSON.parse(vault.open(sealed, sealPlace(id))))
    const notice = write(Facts.parse(news.facts), language)
    const topic = createHash('sha256').update(news.id).digest('base64url').slice(0, 32)
    const payload = JSON.stringify({ ...notice, tag: topic })
    const { headers, body } = webpush.generateRequestDetails({ endpoint, keys }, payload, {
      vapidDetails,
      TTL: TTL_SECONDS,
      topic,
      urgency: 'normal',
    })
    return post({ url: endpoint, headers: plain(headers), body, deadlineMs: DEADLINE_MS })
  }

  async function tryLater(news: News, facts: Readonly<{ retryAfter?: string | undefined }>) {
    if (news.tries >= MOST_TRIES) return removeNews(db, news)
    const wait = waitMs(news.tries, facts.retryAfter, clock.now())
    await postponeNews(db, news, later(wait))
  }

  async function deliver(news: News): Promise<void> {
    const subscription = await findSubscription(db, news.subscriptionId)
    if (!subscription) return removeNews(db, news)
    const reply = await send(subscription, news).catch((error: unknown) => {
      log.warn({ news: news.id, tries: news.tries, error: String(error) }, 'a notice was not sent')
      return undefined
    })
    if (!reply) return tryLater(news, {})
    const outcome = outcomeOf(reply.status)
    if (outcome === 'later') return tryLater(news, reply)
    if (outcome === 'gone') return db.tx((tx) => deleteSubscription(tx, subscription.id))
    if (outcome === 'refused')
      log.error({ news: news.id, status: reply.status }, 'a push service refuses a notice')
    await removeNews(db, news)
  }

  return {
    name: 'notifications.send_news',
    everyMs: 1_000,
    async run() {
      const due = await claimDueNews(db, clock.now().toISOString(), later(LEASE_MS))
      await Promise.all(due.map(deliver))
      return due.length
    },
  }
}

/** Push services want to know whom to ask: an address by https, or of mail. */
function contactOf(publicUrl: string): string {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' ? publicUrl : `mailto:postmaster@${hostname}`
}

function plain(headers: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : String(value),
    ]),
  )
}
