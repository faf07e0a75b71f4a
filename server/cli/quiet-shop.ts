import type { Config } from '../config.ts'
import { createShop, type Shop } from '../main.ts'
import { systemChance } from '../platform/chance.ts'
import { systemClock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { homeSecrets } from './home.ts'
import { joinInstallation } from './open.ts'
import { providerAddress } from './provider.ts'

/** A shop that does not listen: for commands that use its modules. Joins a running one's database. */
export async function openQuietShop(
  config: Config,
  log: Log,
): Promise<Readonly<{ shop: Shop; close(): Promise<void> }>> {
  const secrets = homeSecrets(config.home)
  const database = await joinInstallation(config, log, () => {})
  const shop = createShop({
    config,
    databaseUrl: database.url,
    operatorKey: config.OPERATOR_API_KEY ?? secrets.operatorApiKey,
    provider: providerAddress(config, secrets),
    clock: systemClock,
    chance: systemChance,
    log,
  })
  return {
    shop,
    async close() {
      await shop.db.close()
      await database.close()
    },
  }
}
