import { join } from 'node:path'
import { type Config, describeSettings, readConfig } from '../config.ts'
import { createShop, type Shop } from '../main.ts'
import { systemChance } from '../platform/chance.ts'
import { systemClock } from '../platform/clock.ts'
import type { EmbeddedPostgres } from '../platform/embedded-postgres/index.ts'
import { createLog, type Log } from '../platform/log.ts'
import type { ShopOptions } from '../shop-options.ts'
import { type Command, CommandError, print } from './command.ts'
import { awaitSearchIndex, demoIsMissing } from './demo.ts'
import { homeSecrets } from './home.ts'
import { openKeyring } from './keyring.ts'
import { loadDemoApart } from './load-demo.ts'
import { mountApps, showsMails } from './mount.ts'
import { openInstallation } from './open.ts'
import { progressBar } from './progress.ts'
import { openProvider } from './provider.ts'

export const start: Command = {
  name: 'start',
  summary: 'Starts the shop: database, API, storefront and test payment provider',
  usage: 'stoa start',
  help: `Settings (environment variables; a secret may stand in a file that NAME_FILE names):\n${describeSettings()
    .map(
      ({ name, meaning, standard }) =>
        `  ${name.padEnd(21)} ${meaning}${standard ? ` [${standard}]` : ''}`,
    )
    .join('\n')}`,
  options: {},
  async run(_options, words) {
    if (words.length > 0)
      throw new CommandError(
        `start takes no words, not "${words[0]}".`,
        'Settings are environment variables.',
      )
    const config = readConfig(process.env)
    const log = createLog(config.LOG_LEVEL)
    const began = systemClock.monotonicMs()
    const running = await startShop(config, log)
    const seconds = ((systemClock.monotonicMs() - began) / 1000).toFixed(1)
    print(`\n  Shop        ${running.url}/`)
    print(`  API         ${running.url}/api/reference   (OpenAPI: ${running.url}/api/openapi.json)`)
    if (running.providerUrl)
      print(
        `  Test bank   ${running.providerUrl}/   (card 4242 4242 4242 4242, or token tok_success)`,
      )
    print(`  Operator    key in ${join(config.home, 'secrets.json')}`)
    if (showsMails(config))
      print(`  Mails       ${running.url}/dev/mail   (the password is that key)`)
    print(`\n  Ready in ${seconds} s. Ctrl-C stops it.\n`)
    await ended()
    print('\nStopping…')
    await running.stop()
    return 0
  },
}

export type RunningShop = Readonly<{
  url: string
  providerUrl: string | null
  stop(): Promise<void>
}>

/**
 * Starts everything and listens.
 * @param faults A clock that goes wrong and points of the path at which to die; for tests.
 * @throws CommandError, StartError, ConfigError
 */
export async function startShop(
  config: Config,
  log: Log,
  faults: Partial<Pick<ShopOptions, 'clock' | 'failpoint'>> = {},
): Promise<RunningShop> {
  const say = (sentence: string) => print(`  ${sentence}`)
  const secrets = homeSecrets(config.home)
  const database = await openInstallation(config, log, say)
  const operatorKey = config.OPERATOR_API_KEY ?? secrets.operatorApiKey
  const stopping = { now: false }
  if (database.embedded) void supervise(database.embedded, log, stopping)
  let provider: Awaited<ReturnType<typeof openProvider>> = null
  let shop: Shop | undefined
  const stop = async () => {
    stopping.now = true
    await withDeadline(shop?.stop(), config.SHUTDOWN_SECONDS * 1000)
    await provider?.stop()
    await database.close()
  }
  try {
    provider = await openProvider(config, secrets, log)
    shop = createShop({
      config,
      databaseUrl: database.url,
      operatorKey,
      vaultKeys: openKeyring(config).read,
      provider,
      clock: systemClock,
      chance: systemChance,
      log,
      ...faults,
    })
    const draw = progressBar(process.stdout)
    const firstStart =
      config.STOA_DEMO && shop.modules.shop !== null && (await demoIsMissing(shop.db))
    if (firstStart) await loadDemoApart(config, database.url)
    await mountApps(shop, config, provider, operatorKey, log)
    await shop.start()
    if (firstStart) await awaitSearchIndex(shop, systemClock, draw)
    const url = await listen(shop, config)
    shop.ready()
    return {
      url,
      providerUrl: provider?.publicUrl ?? null,
      async stop() {
        shop?.unready()
        await systemClock.sleep(config.DRAIN_SECONDS * 1000)
        await stop()
      },
    }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

/** Connections that may wait to be taken: what comes while there are more hears nothing for seconds. */
const BACKLOG = 4_096

async function listen(shop: Shop, config: Config): Promise<string> {
  try {
    return await shop.app.listen({ port: config.PORT, host: config.HOST, backlog: BACKLOG })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE') {
      throw new CommandError(
        `Port ${config.PORT} is taken by another program.`,
        `Stop it, or start with another port: PORT=${config.PORT + 10} npm start`,
      )
    }
    if (code === 'EACCES')
      throw new CommandError(
        `Port ${config.PORT} may not be opened by this user.`,
        'Choose a port above 1023.',
      )
    throw error
  }
}

/** Brings the embedded PostgreSQL back whenever it ends without having been asked to. */
async function supervise(
  embedded: EmbeddedPostgres,
  log: Log,
  stopping: Readonly<{ now: boolean }>,
): Promise<void> {
  for (;;) {
    await embedded.exited()
    if (stopping.now) return
    log.error({}, 'PostgreSQL has ended by itself; starting it again')
    await embedded.restart().catch(async (error: unknown) => {
      log.error({ error: String(error) }, 'PostgreSQL does not start')
      await systemClock.sleep(2_000)
    })
  }
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

async function withDeadline(work: Promise<void> | undefined, ms: number): Promise<void> {
  const timeout = new AbortController()
  await Promise.race([work, systemClock.sleep(ms, timeout.signal)])
  timeout.abort()
}
