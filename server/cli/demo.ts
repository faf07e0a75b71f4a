import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Shop } from '../main.ts'
import { loadDemoPromotions } from '../modules/pricing/index.ts'
import { eventsBehind } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { statement } from '../platform/db/statement.ts'
import { CommandError, print } from './command.ts'
import type { Progress } from './progress.ts'
import type { QuietCatalogue } from './quiet-catalogue.ts'

const demoState = statement<{ loaded: boolean; begun: boolean; filled: boolean }>(
  'cli.demo_state',
  `select exists (select from platform.marks where name = 'demo_loaded') as loaded,
          exists (select from catalog.imports where key like 'demo%') as begun,
          exists (select from catalog.products) as filled`,
)
const markLoaded = statement(
  'cli.mark_demo_loaded',
  `insert into platform.marks (name) values ('demo_loaded') on conflict do nothing`,
)

/** Whether the demo catalogue is still to be loaded: the shop is empty, or an earlier load was cut off. */
export async function demoIsMissing(db: Database): Promise<boolean> {
  const [state] = await demoState(db)
  return state !== undefined && !state.loaded && (state.begun || !state.filled)
}

/** Loads the demo catalogue by the importer that users get. Goes on where it was cut off. */
export async function loadDemo(
  { db, importer, pricing }: QuietCatalogue,
  dataFolder: string,
  draw: Progress,
): Promise<void> {
  const folder = join(dataFolder, 'demo')
  if (!existsSync(folder)) {
    throw new CommandError(
      `There is no demo catalogue in ${folder}.`,
      'Set STOA_DATA to the folder that has it, or start empty with STOA_DEMO=off.',
    )
  }
  print('  First start: loading the demo catalogue (real public data; what was made up is marked)')
  const report = await importer.loadDemo({
    folder,
    onProgress: (file, progress) =>
      draw(file.replace(/\.jsonl\.gz$/, ''), progress.bytesRead, progress.bytesTotal ?? 0),
  })
  await loadDemoPromotions(pricing)
  await markLoaded(db)
  print(`  ${report.products.toLocaleString('en')} products loaded`)
}

const INDEX_WAIT_MS = 90_000
const LOOK_MS = 200

/**
 * Waits until the new search index serves and knows the stock: a first visitor should find things,
 * and be able to buy them, at once.
 */
export async function awaitSearchIndex(shop: Shop, clock: Clock, draw: Progress): Promise<void> {
  const search = shop.modules.shop?.search.api
  if (!search) return
  const deadline = clock.monotonicMs() + INDEX_WAIT_MS
  for (;;) {
    const behind = await eventsBehind(shop.db)
    const stats = await search.stats()
    const caughtUp = behind === 0 && stats.serving && !stats.building && stats.eventsBehind === 0
    if (caughtUp || clock.monotonicMs() > deadline) {
      draw('search index', stats.documents, stats.documents)
      return
    }
    const indexed = Math.max(stats.built, stats.documents)
    if (indexed > 0) draw('search index', indexed, 0)
    await clock.sleep(LOOK_MS)
  }
}
