import { join } from 'node:path'
import { createTestProvider } from '../../apps/test-provider/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../platform/log.ts'
import { CommandError } from './command.ts'
import type { Secrets } from './home.ts'

export type RunningProvider = Readonly<{
  url: string
  apiKey: string
  webhookSecret: string
  stop(): Promise<void>
}>

/** Where the test payment provider is, or would be if the shop ran. */
export function providerAddress(
  config: Config,
  secrets: Secrets,
): Omit<RunningProvider, 'stop'> | null {
  if (!config.testProvider) return null
  if (config.TEST_PROVIDER_URL && config.TEST_PROVIDER_SECRET) {
    const secret = config.TEST_PROVIDER_SECRET
    return { url: config.TEST_PROVIDER_URL, apiKey: secret, webhookSecret: secret }
  }
  const { providerApiKey: apiKey, providerWebhookSecret: webhookSecret } = secrets
  return { url: `http://${config.HOST}:${providerPort(config)}`, apiKey, webhookSecret }
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
  if (config.TEST_PROVIDER_URL) return { ...address, stop: async () => {} }
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
    webhookSecret: address.webhookSecret,
    apiKey: address.apiKey,
    shopOrigins: own.filter((origin) => origin !== undefined),
    log: { error: (message, error) => log.error({ error: String(error) }, message) },
  })
  try {
    return { ...address, url: await provider.start(), stop: () => provider.stop() }
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
