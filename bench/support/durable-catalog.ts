import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CatalogDeps, createCatalog } from '../../server/modules/catalog/index.ts'
import { createInventory } from '../../server/modules/inventory/index.ts'
import { migrationSources } from '../../server/modules/migrations.ts'
import { createPricing } from '../../server/modules/pricing/index.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { type Database, openDatabase } from '../../server/platform/db/database.ts'
import { migrate } from '../../server/platform/db/migrate.ts'
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/index.ts'
import { createOutbox } from '../../server/platform/events/outbox.ts'
import { createIds } from '../../server/platform/ids.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { fakeMedia } from '../../tests/support/catalog.ts'

export type DurableCatalogOptions = Readonly<{
  /** Folder of the demo catalogue and the reference data. */
  dataFolder: string
  /** A shop's home whose database is used and kept; a new one that is removed if absent. */
  home?: string | undefined
  /** Stands between the catalogue and its database. */
  watch?: (db: Database) => Database
}>

/** The catalogue, inventory and prices on a PostgreSQL that loses nothing. */
export async function durableCatalog({ dataFolder, home, watch }: DurableCatalogOptions) {
  const folder = home
    ? join(home, 'postgres')
    : mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-catalog-'))
  mkdirSync(folder, { recursive: true })
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, log })
  const db = openDatabase({ url: postgres.url, log, poolSize: 8 })
  await migrate(db, migrationSources(), log)
  const ids = createIds({ clock, chance })
  const base = { db, outbox: createOutbox({ db, ids, clock }), ids, clock, log }
  const pricing = createPricing({ ...base, referenceFolder: join(dataFolder, 'reference') })
  await pricing.start?.()
  const inventory = createInventory(base)
  await inventory.start?.()
  const build = (options: Pick<CatalogDeps, 'cacheBytes'> = {}) =>
    createCatalog({
      ...base,
      ...options,
      db: watch ? watch(db) : db,
      inventory: inventory.api,
      pricing: pricing.api,
      media: fakeMedia(),
    })
  return {
    db,
    catalog: build(),
    /** Another one on the same database, with nothing in its cache. */
    build,
    url: postgres.url,
    /** Where PostgreSQL's files are; its postmaster.pid is there. */
    folder,
    async close() {
      await db.close()
      await postgres.stop()
      if (!home) await destroyEmbeddedPostgres(folder)
    },
  }
}

export type DurableCatalog = Awaited<ReturnType<typeof durableCatalog>>
