import type {
  PushEndpoint,
  PushSubscription,
  WantedNews,
} from '#contracts/notifications/schemas.ts'
import type { PushLanguage } from './texts.ts'

export type NotificationsApi = Readonly<{
  /** By which browsers know who may send to them: an uncompressed point of P-256, base64url. */
  pushKey(): string
  /**
   * Tells a browser of one thing more. The same again changes nothing.
   * @throws not_found, notifications.too_many, pricing.market_unknown
   */
  watch(
    input: Readonly<{
      subscription: PushEndpoint
      language: PushLanguage
      wanted: WantedNews
      accountId: string | null
    }>,
  ): Promise<PushSubscription>
  /** @throws not_found */
  get(input: Readonly<{ subscriptionId: string }>): Promise<PushSubscription>
  /** A browser that is told of nothing any more is forgotten. */
  unwatch(input: Readonly<{ subscriptionId: string; subject: string }>): Promise<void>
  end(input: Readonly<{ subscriptionId: string }>): Promise<void>
  /** No more mails with offers, for whoever such a mail was sent to. @throws not_found */
  endOffers(input: Readonly<{ token: string }>): Promise<void>
}>
