import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { httpTransport } from '@stoa/client'
import { fastify } from 'fastify'
import { createFakeTransport } from './fake/transport.ts'
import { createStorefront, loadTheme } from './index.ts'

const HELP = `The storefront of Stoa by itself, in front of an API that runs elsewhere.

usage: node apps/storefront/main.ts --api URL [options]

  --api URL            where the API is, such as http://localhost:3000
  --fake               a small made-up shop instead of an API, to see the pages
  --provider URL       the payment provider's card pages
  --port N             default 3200; 0 takes a free one
  --host HOST          default 127.0.0.1
  --public-url URL     where shoppers reach this program
  --external-images    load the catalogue's pictures from their own addresses
  --theme FOLDER       another look, other words, further pages
  --help
`

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

const OPTIONS = {
  api: { type: 'string' },
  fake: { type: 'boolean', default: false },
  provider: { type: 'string' },
  port: { type: 'string', default: '3200' },
  host: { type: 'string', default: '127.0.0.1' },
  'public-url': { type: 'string' },
  'external-images': { type: 'boolean', default: false },
  theme: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

async function readPicture(url: URL): Promise<Uint8Array | undefined> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  return reply.ok ? reply.bytes() : undefined
}

function tell(facts: object, message: string): void {
  process.stderr.write(`${message} ${JSON.stringify(facts, Object.getOwnPropertyNames)}\n`)
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) return print(HELP)
  if (!values.api && !values.fake)
    throw new Error('Name an API with --api URL, or take --fake. See --help.')
  const now = () => new Date()
  const publicUrl = values['public-url'] ?? `http://localhost:${values.port}`
  const fake = values.fake ? createFakeTransport({ now }) : undefined
  const app = fastify({
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
  })
  await app.register(
    createStorefront({
      transport: fake ?? httpTransport(values.api ?? ''),
      publicUrl,
      providerUrl: values.provider ?? (fake ? 'http://localhost:4100' : null),
      externalImages: values['external-images'],
      styleguide: true,
      ...(values.theme === undefined ? {} : { theme: await loadTheme(values.theme) }),
      ...(values.api
        ? { readPicture: (url: string) => readPicture(new URL(url, values.api)) }
        : {}),
      secureCookies: publicUrl.startsWith('https:'),
      newId: () => randomBytes(15).toString('base64url'),
      now,
      log: { warn: tell, error: tell },
    }),
  )
  print(`storefront: ${await app.listen({ port: Number(values.port), host: values.host })}`)
  const stop = () => void app.close()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
