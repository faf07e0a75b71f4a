import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type CatalogDeps, createCatalog } from '../modules/catalog/index.ts'
import { createMedia, type MediaDeps } from '../modules/media/index.ts'
import { createPricing } from '../modules/pricing/index.ts'
import { moduleBase, type SmallDeps } from './deps.ts'

type Others = Pick<CatalogDeps, 'inventory' | 'engines' | 'onView'>

/** What is sold, for how much and with which pictures: all that files of products need of a shop. */
export function createCatalogue(deps: SmallDeps, others: Others) {
  const { config, db, clock, chance } = deps
  const base = moduleBase(deps)
  const pricing = createPricing({ ...base, referenceFolder: referenceFolder(config) })
  const folder = join(config.home, 'media')
  const media = createMedia({ db, clock, chance, folder, ...pictureStore(config) })
  const catalog = createCatalog({
    ...base,
    ...others,
    pricing: pricing.api,
    media: media.api,
    fetchImages: config.FETCH_PICTURES,
    transfers: { folder: join(config.home, 'transfers'), chance },
  })
  return { pricing, media, catalog }
}

/** The tables of countries, tax and postal codes. */
export function referenceFolder(config: Config): string {
  return join(config.dataFolder, 'reference')
}

/** Where pictures are kept, unless it is a folder. */
function pictureStore(config: Config): Pick<MediaDeps, 's3'> {
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
