import { join } from 'node:path'
import { createTestProvider } from '../../apps/test-provider/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../platform/log.ts'
import { CommandError } from './command.ts'
import type { Secrets } from './home.ts'

export type RunningProvider = Readonly<{ url: string; apiKey: string; webhookSecret: string; stop(): Promise<void> }>

/** The test payment provider: started beside the shop, or one that runs elsewhere, or none. */
export async function openProvider(config: Config, secrets: Secrets, log: Log): Promise<RunningProvider | null> {
  if (!config.testProvider) return null
  if (config.TEST_PROVIDER_URL && config.TEST_PROVIDER_SECRET) {
    const secret = config.TEST_PROVIDER_SECRET
    return { url: config.TEST_PROVIDER_URL, apiKey: secret, webhookSecret: secret, stop: async () => {} }
  }
  const port = config.TEST_PROVIDER_PORT ?? (config.PORT === 0 ? 0 : config.PORT + 1)
  const shopOrigin = config.PUBLIC_URL ?? `http://localhost:${config.PORT}`
  const provider = createTestProvider({
    port,
    host: config.HOST,
    dataFolder: join(config.home, 'test-provider'),
    webhookUrl: `http://127.0.0.1:${config.PORT}/api/v1/payments/webhooks/test`,
    webhookSecret: secrets.providerWebhookSecret,
    apiKey: secrets.providerApiKey,
    shopOrigins: [shopOrigin, `http://127.0.0.1:${config.PORT}`, `http://localhost:${config.PORT}`],
    log,
  })
  try {
    const url = await provider.start()
    return { url, apiKey: secrets.providerApiKey, webhookSecret: secrets.providerWebhookSecret, stop: () => provider.stop() }
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') {
      throw new CommandError(`Port ${port} of the test payment provider is taken.`, 'Set TEST_PROVIDER_PORT to a free one.')
    }
    throw error
  }
}
