import { Problem } from '#contracts/kit/problem.ts'
import type { Config } from '../config.ts'
import { createShop, type Shop } from '../main.ts'
import { systemChance } from '../platform/chance.ts'
import { systemClock } from '../platform/clock.ts'
import { createLog, type Log } from '../platform/log.ts'
import { CommandError } from './command.ts'
import { homeSecrets } from './home.ts'
import { openKeyring } from './keyring.ts'
import { joinInstallation } from './open.ts'
import { providerAddress } from './provider.ts'

/**
 * A shop that does not listen: for commands that use its modules. Joins a running one's database;
 * `isAlone` if there is none.
 */
export async function openQuietShop(
  config: Config,
  log: Log,
): Promise<Readonly<{ shop: Shop; isAlone: boolean; close(): Promise<void> }>> {
  const secrets = homeSecrets(config.home)
  const database = await joinInstallation(config, log, () => {})
  const shop = createShop({
    config,
    databaseUrl: database.url,
    operatorKey: config.OPERATOR_API_KEY ?? secrets.operatorApiKey,
    vaultKeys: openKeyring(config).read,
    provider: providerAddress(config, secrets),
    clock: systemClock,
    chance: systemChance,
    log,
  })
  return {
    shop,
    isAlone: database.embedded !== null,
    async close() {
      await shop.db.close()
      await database.close()
    },
  }
}

type ShopModules = NonNullable<Shop['modules']['shop']>

/**
 * Runs a command's work on the modules of this installation, and closes everything behind it.
 * @throws CommandError in the words of a refusal.
 */
export async function withModules(
  config: Config,
  work: (modules: ShopModules, shop: Shop) => Promise<number>,
): Promise<number> {
  const quiet = await openQuietShop(config, createLog('error'))
  try {
    const modules = quiet.shop.modules.shop
    if (!modules) {
      throw new CommandError('This process runs inventory alone.', 'Leave STOA_MODULES out.')
    }
    return await work(modules, quiet.shop)
  } catch (error) {
    // A refusal is the person's to mend, and says how: no stack.
    if (error instanceof Problem) throw new CommandError(`${error.message}.`)
    throw error
  } finally {
    await quiet.close()
  }
}
