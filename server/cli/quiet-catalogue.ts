import { Problem } from '#contracts/kit/problem.ts'
import { createCatalogue } from '../composition/catalogue.ts'
import { linkInventory } from '../composition/inventory.ts'
import type { Config } from '../config.ts'
import { systemChance as chance } from '../platform/chance.ts'
import { systemClock as clock } from '../platform/clock.ts'
import { openDatabase } from '../platform/db/database.ts'
import { createOutbox } from '../platform/events/outbox.ts'
import { createIds } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import { CommandError } from './command.ts'
import { joinInstallation } from './open.ts'

/**
 * The catalogue of this installation without the rest of a shop, whose code alone takes more memory
 * than a file on its way through. Joins a running shop's database.
 */
async function openQuietCatalogue(config: Config) {
  if (config.STOA_MODULES.every((name) => name === 'inventory'))
    throw new CommandError('This process runs inventory alone.', 'Leave STOA_MODULES out.')
  const log = createLog('error')
  const database = await joinInstallation(config, log, () => {})
  const db = openDatabase({ url: database.url, log, poolSize: config.DATABASE_POOL_SIZE })
  const ids = createIds({ clock, chance })
  const outbox = createOutbox({ db, ids, clock })
  const deps = { config, db, ids, outbox, clock, chance, log }
  const inventory = linkInventory(deps).api
  const { catalog, pricing } = createCatalogue(deps, { inventory })
  return {
    db,
    importer: catalog.importer,
    pricing: pricing.api,
    async close() {
      await db.close()
      await database.close()
    },
  }
}

export type QuietCatalogue = Omit<Awaited<ReturnType<typeof openQuietCatalogue>>, 'close'>

/**
 * Runs a command's work on the catalogue of this installation, and closes everything behind it.
 * @throws CommandError in the words of a refusal.
 */
export async function withCatalogue(
  config: Config,
  work: (catalogue: QuietCatalogue) => Promise<number>,
): Promise<number> {
  const catalogue = await openQuietCatalogue(config)
  try {
    return await work(catalogue)
  } catch (error) {
    // A refusal is the person's to mend, and says how: no stack.
    if (error instanceof Problem) throw new CommandError(`${error.message}.`)
    throw error
  } finally {
    await catalogue.close()
  }
}
