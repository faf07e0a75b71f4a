import type { Config } from './config.ts'
import type { Chance } from './platform/chance.ts'
import type { Clock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import type { VaultKeys } from './platform/vault.ts'

/** What a shop is made from: configuration, addresses and secrets, and the injected clock and chance. */
export type ShopOptions = Readonly<{
  config: Config
  databaseUrl: string
  operatorKey: string
  /** Keys that seal secrets in the database, the newest first; or where to read them, now and again. */
  vaultKeys: VaultKeys | (() => VaultKeys)
  /** Where the payment provider is and the secrets shared with it; null: no card payments. */
  provider: Readonly<{ baseUrl: string; apiKey: string; webhookSecrets: readonly string[] }> | null
  clock: Clock
  chance: Chance
  log: Log
  /** Called at named points of the order's path; tests kill the process there. */
  failpoint?: (name: string) => void | Promise<void>
}>
