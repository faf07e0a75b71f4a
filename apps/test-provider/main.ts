import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createTestProvider } from './index.ts'

const HELP = `The test bank of Stoa: a payment provider that charges nobody.

usage: node apps/test-provider/main.ts [options]

  --port N                default 4100; 0 takes a free one
  --host HOST             default 127.0.0.1
  --data FOLDER           default .stoa/test-provider
  --api-key KEY           made and printed if not given
  --webhook-url URL       where webhooks go; none are sent without it
  --webhook-secret SECRET whsec_…, made and printed if not given
  --public-origin ORIGIN  as browsers reach this server
  --shop-origin ORIGIN    may frame the card fields; may be given several times
  --help
`

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function readOptions() {
  return parseArgs({
    options: {
      port: { type: 'string', default: '4100' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: '.stoa/test-provider' },
      'api-key': { type: 'string' },
      'webhook-url': { type: 'string' },
      'webhook-secret': { type: 'string' },
      'public-origin': { type: 'string' },
      'shop-origin': { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  }).values
}

async function run(): Promise<void> {
  const values = readOptions()
  if (values.help) {
    print(HELP)
    return
  }
  const apiKey = values['api-key'] ?? `sk_test_${randomBytes(18).toString('base64url')}`
  const webhookSecret = values['webhook-secret'] ?? `whsec_${randomBytes(32).toString('base64')}`
  const provider = createTestProvider({
    port: Number(values.port),
    host: values.host,
    dataFolder: values.data,
    apiKey,
    webhookUrl: values['webhook-url'],
    webhookSecret,
    publicOrigin: values['public-origin'],
    shopOrigins: values['shop-origin'],
    log: {
      error(message, error) {
        process.stderr.write(`${message}: ${error instanceof Error ? error.stack : error}\n`)
      },
    },
  })
  print(`test provider: ${await provider.start()}`)
  if (values['api-key'] === undefined) print(`api key: ${apiKey}`)
  if (values['webhook-secret'] === undefined) print(`webhook secret: ${webhookSecret}`)
  const stop = (): void => {
    provider.stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
