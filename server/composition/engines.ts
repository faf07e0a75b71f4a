import type { Config } from '../config.ts'
import type { CatalogDeps } from '../modules/catalog/index.ts'
import { createOpenSearchStore } from '../modules/search/index.ts'
import { createRedisCache } from '../platform/cache/redis-cache.ts'
import type { SendMail } from '../platform/mail/mailbox.ts'
import { sendBySmtp } from '../platform/mail/smtp.ts'
import { type CompositionDeps, moduleBase } from './deps.ts'

/** Redis and MongoDB beside the catalogue, where the configuration names them. */
export function catalogEngines({
  config,
  clock,
  chance,
  log,
}: CompositionDeps): NonNullable<CatalogDeps['engines']> {
  return {
    ...(config.REDIS_URL
      ? { sharedCache: createRedisCache({ url: config.REDIS_URL, clock, chance, log }) }
      : {}),
    ...(config.MONGODB_URL ? { mongo: { url: config.MONGODB_URL, chance } } : {}),
  }
}

/** Where the index of search lives: in OpenSearch, else in as many threads as are asked for. */
export function searchEngine(deps: CompositionDeps) {
  const { OPENSEARCH_URL: url, SEARCH_READERS: readers } = deps.config
  if (url)
    return { store: createOpenSearchStore({ ...moduleBase(deps), url, chance: deps.chance }) }
  return readers === undefined ? {} : { readers }
}

export function mailSender({ SMTP_URL, MAIL_FROM }: Config): SendMail | undefined {
  return SMTP_URL ? sendBySmtp(SMTP_URL, MAIL_FROM) : undefined
}
