import { join } from 'node:path'
import { createTestProvider } from '../../apps/test-provider/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../platform/log.ts'
import { CommandError } from './command.ts'
import type { Secrets } from './home.ts'

/** Where the provider is for the shop, and the secrets that they share. */
export type ProviderAddress = Readonly<{
  baseUrl: string
  apiKey: string
  webhookSecrets: readonly string[]
}>

export type RunningProvider = ProviderAddress &
  Readonly<{ publicUrl: string; stop(): Promise<void> }>

/** Where the test payment provider is, or would be if the shop ran. */
export function providerAddress(config: Config, secrets: Secrets): ProviderAddress | null {
  if (!config.testProvider) return null
  if (config.TEST_PROVIDER_URL && config.TEST_PROVIDER_SECRET) {
    const secret = config.TEST_PROVIDER_SECRET
    return { baseUrl: config.TEST_PROVIDER_URL, apiKey: secret, webhookSecrets: [secret] }
  }
  return {
    baseUrl: `http://${reachableHost(config.HOST)}:${providerPort(config)}`,
    apiKey: secrets.providerApiKey,
    webhookSecrets: [secrets.providerWebhookSecret],
  }
}

/** A server that listens on every address is reached by the loopback one. */
function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

/** The provider as shoppers' browsers reach it: on the shop's own host, another port. */
function publicOrigin(config: Config): string {
  const host = config.PUBLIC_URL ? new URL(config.PUBLIC_URL).hostname : reachableHost(config.HOST)
  return `http://${host}:${providerPort(config)}`
}

function providerPort(config: Config): number {
  return config.TEST_PROVIDER_PORT ?? config.PORT + 1
}

/** The test payment provider: started beside the shop, or one that runs elsewhere, or none. */
export async function openProvider(
  config: Config,
  secrets: Secrets,
  log: Log,
): Promise<RunningProvider | null> {
  const address = providerAddress(config, secrets)
  if (!address) return null
  if (config.TEST_PROVIDER_URL)
    return { ...address, publicUrl: address.baseUrl, stop: async () => {} }
  const port = providerPort(config)
  const own = [
    config.PUBLIC_URL,
    `http://127.0.0.1:${config.PORT}`,
    `http://localhost:${config.PORT}`,
  ]
  const provider = createTestProvider({
    port,
    host: config.HOST,
    dataFolder: join(config.home, 'test-provider'),
    webhookUrl: `http://127.0.0.1:${config.PORT}/api/v1/payments/webhooks/test`,
    webhookSecret: secrets.providerWebhookSecret,
    publicOrigin: publicOrigin(config),
    apiKey: address.apiKey,
    shopOrigins: own.filter((origin) => origin !== undefined),
    log: { error: (message, error) => log.error({ error: String(error) }, message) },
  })
  try {
    await provider.start()
    return { ...address, publicUrl: publicOrigin(config), stop: () => provider.stop() }
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') {
      throw new CommandError(
        `Port ${port} of the test payment provider is taken.`,
        'Set TEST_PROVIDER_PORT to a free one.',
      )
    }
    throw error
  }
}
