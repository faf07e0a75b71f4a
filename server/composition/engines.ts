import type { Config } from '../config.ts'
import type { CatalogDeps } from '../modules/catalog/index.ts'
import type { MediaDeps } from '../modules/media/index.ts'
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

/** Where pictures are kept, unless it is a folder. */
export function pictureStore(config: Config): Pick<MediaDeps, 's3'> {
  const { S3_ENDPOINT: endpoint, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = config
  if (!endpoint) return {}
  const s3 = {
    endpoint,
    region: config.S3_REGION,
    bucket: S3_BUCKET as string,
    accessKeyId: S3_ACCESS_KEY_ID as string,
    secretAccessKey: S3_SECRET_ACCESS_KEY as string,
  }
  return { s3 }
}

/** OpenSearch, unless the index is the embedded one. */
export function searchStore(deps: CompositionDeps) {
  const { OPENSEARCH_URL: url } = deps.config
  return url
    ? { store: createOpenSearchStore({ ...moduleBase(deps), url, chance: deps.chance }) }
    : {}
}

export function mailSender({ SMTP_URL, MAIL_FROM }: Config): SendMail | undefined {
  return SMTP_URL ? sendBySmtp(SMTP_URL, MAIL_FROM) : undefined
}
