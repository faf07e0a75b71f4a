import { z } from 'zod'
import { MODULES } from './module-names.ts'
import { addressList } from './platform/net/proxies.ts'
import { parseVaultKeys } from './platform/vault.ts'

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'is a whole number').transform(Number).pipe(z.int().min(min).max(max))
const flag = z.enum(['on', 'off']).transform((value) => value === 'on')
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `is a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

const words = z.string().transform((text) => text.split(',').map((word) => word.trim()))

function isAddressList(list: readonly string[]): boolean {
  try {
    addressList(list)
    return true
  } catch {
    return false
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function isSafeIssuer(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}

/** Every setting there is, with its meaning. An unknown STOA_… variable stops the start. */
export const SETTINGS = {
  PORT: integer(1, 65_534).default(3000).describe('Port of the shop and its API'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  STOA_HOME: z
    .string()
    .default('.stoa')
    .describe('Folder of the embedded database, media and secrets'),
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('Kind of installation'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
  PUBLIC_URL: url('http:', 'https:')
    .optional()
    .describe('Where shoppers reach the shop; for links and redirects'),
  TRUSTED_PROXIES: words
    .refine(isAddressList, 'is a list of addresses and networks by comma, or loopback, or private')
    .default(['loopback'])
    .describe(
      'Proxies whose X-Forwarded-For is believed: addresses and networks, loopback, private',
    ),
  LIMIT_FACTOR: integer(1, 1_000)
    .default(1)
    .describe(
      'Times the usual that one address or account may ask; for load tests, and many people behind one address',
    ),
  CORS_ORIGINS: words
    .refine(
      (origins) => origins.every(isOrigin),
      'is a list of origins, such as https://example.com',
    )
    .default([])
    .describe('Origins of other sites whose pages may call the API, with a token'),
  DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('PostgreSQL 15 or later; embedded if absent'),
  DATABASE_REPLICA_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('Replica of that PostgreSQL, which may be late: reports are read there'),
  DATABASE_POOL_SIZE: integer(2, 200).default(12).describe('Connections of one process'),
  REDIS_URL: url('redis:', 'rediss:')
    .optional()
    .describe('Redis 7, as the cache that processes share; each has only its own if absent'),
  MONGODB_URL: z
    .string()
    // May name several hosts, which makes it no URL by the standard.
    .regex(/^mongodb(\+srv)?:\/\/[^/]/, 'is a URL that begins with mongodb:// or mongodb+srv://')
    .optional()
    .describe('MongoDB, as the store of product documents; PostgreSQL alone if absent'),
  S3_ENDPOINT: url('http:', 'https:')
    .optional()
    .describe('S3-compatible store of pictures; a folder in STOA_HOME if absent'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is the name of a bucket')
    .optional()
    .describe('Bucket for pictures; needed with S3_ENDPOINT'),
  S3_REGION: z.string().default('us-east-1').describe('Region that requests to S3 are signed for'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('Key that may read and write the bucket'),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('Secret of that key'),
  FETCH_PICTURES: flag
    .default(true)
    .describe('Fetch and keep the pictures that imports and operators name by address'),
  OPENSEARCH_URL: url('http:', 'https:')
    .optional()
    .describe('OpenSearch or Elasticsearch, as the engine of search; the embedded one if absent'),
  SEARCH_READERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Threads that answer searches of the embedded engine; as many as processors but one'),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d{1,5}$/, 'is a list of host:port by comma')).min(1))
    .optional()
    .describe('Kafka: all events are copied there; nowhere if absent'),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,60}$/, 'is a word of letters, digits, - and _')
    .default('stoa')
    .describe('First part of the names of topics and consumer groups'),
  KAFKA_PARTITIONS: integer(1, 1000).default(6).describe('Partitions of topics that are made'),
  EVENTS_FROM: z
    .enum(['stream', 'kafka'])
    .default('stream')
    .describe('Where the modules take their events from: the database, or Kafka'),
  STOA_DEMO: flag
    .default(true)
    .describe('Load the demo catalogue into an empty database, and play its warehouse and carrier'),
  DEMO_SHIP_SECONDS: integer(0, 86_400)
    .default(20)
    .describe('Seconds after its payment when the demo ships an order'),
  STOA_DATA: z
    .string()
    .default('data')
    .describe('Folder of the demo catalogue and the reference data'),
  STOA_THEME: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of a theme of the storefront; its own look if absent'),
  STOA_MODULES: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(MODULES)).min(1))
    .default([...MODULES])
    .describe('Modules that this process runs itself, by comma'),
  INVENTORY_URL: url('http:', 'https:')
    .optional()
    .describe('Process that runs `inventory`, if this one does not'),
  RPC_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('Shared by the processes of one shop; needed with INVENTORY_URL'),
  OPERATOR_API_KEY: z
    .string()
    .min(16)
    .optional()
    .describe('Key of the operator; made and kept in STOA_HOME if absent'),
  STAFF_SECOND_FACTOR: z
    .enum(['required', 'optional'])
    .optional()
    .describe(
      'Whether accounts of operators and sellers act as such only after signing in with two factors; required in production and without STOA_DEMO, else optional',
    ),
  SMTP_URL: url('smtp:', 'smtps:')
    .optional()
    .describe('Mail server; without one mails are kept and shown at /dev/mail of a demo shop'),
  MAIL_FROM: z
    .string()
    .regex(/@/, 'is an e-mail address, such as Stoa <shop@example.com>')
    .default('Stoa <shop@localhost>')
    .describe('Sender of mails'),
  TEST_PROVIDER: flag
    .optional()
    .describe('The built-in test payment provider: on unless NODE_ENV=production'),
  TEST_PROVIDER_PORT: integer(1, 65_534)
    .optional()
    .describe('Port of the built-in test provider; PORT + 1 if absent'),
  TEST_PROVIDER_URL: url('http:', 'https:')
    .optional()
    .describe('A test provider that runs elsewhere'),
  TEST_PROVIDER_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('Key and webhook secret shared with a test provider that runs elsewhere'),
  VAULT_KEYS: z
    .string()
    .transform((text, context) => {
      try {
        return parseVaultKeys(text)
      } catch (error) {
        context.addIssue((error as Error).message)
        return z.NEVER
      }
    })
    .optional()
    .describe(
      'Keys that seal secrets in the database, `name:base64` by comma, newest first; made and kept in STOA_HOME if absent',
    ),
  OIDC_ISSUER: url('http:', 'https:')
    .refine(isSafeIssuer, 'is https://, or http:// at this machine alone')
    .optional()
    .describe(
      'OpenID Connect provider to sign in with, whose word on e-mail addresses is believed',
    ),
  OIDC_CLIENT_ID: z.string().min(1).optional().describe('Client id of the shop there'),
  OIDC_CLIENT_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe('Its secret; PKCE alone if absent. Returns to PUBLIC_URL/sign-in/provider'),
  OIDC_NAME: z
    .string()
    .min(1)
    .max(40)
    .default('OpenID')
    .describe('Name of it, as shoppers know it'),
  STRIPE_SECRET_KEY: z.string().min(8).optional().describe('Takes cards by Stripe'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .min(8)
    .optional()
    .describe("Secret of Stripe's webhook to /api/v1/payments/webhooks/stripe"),
  STRIPE_API_URL: url('http:', 'https:').optional().describe("Stripe's API, if not its own"),
  PAYPAL_CLIENT_ID: z.string().min(8).optional().describe('Takes PayPal'),
  PAYPAL_CLIENT_SECRET: z.string().min(8).optional().describe('Secret of that client'),
  PAYPAL_WEBHOOK_ID: z
    .string()
    .min(4)
    .optional()
    .describe("Id of PayPal's webhook to /api/v1/payments/webhooks/paypal"),
  PAYPAL_API_URL: url('http:', 'https:')
    .default('https://api-m.paypal.com')
    .describe("PayPal's API; https://api-m.sandbox.paypal.com to try it"),
  CASH_ON_DELIVERY: flag.optional().describe('Offer cash on delivery; on in the demo'),
  BANK_TRANSFER_IBAN: z
    .string()
    .regex(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, 'is an IBAN without spaces')
    .optional()
    .describe('Account for payment in advance; not offered if absent'),
  BANK_TRANSFER_HOLDER: z.string().min(1).max(70).optional().describe('Holder of that account'),
  BANK_TRANSFER_BIC: z
    .string()
    .regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/, 'is a BIC')
    .optional()
    .describe('Its BIC'),
  BANK_TRANSFER_DAYS: integer(1, 7)
    .default(7)
    .describe('Days until an order that waits for a transfer expires'),
  COMMISSION_VAT_RATE: z
    .string()
    .regex(/^0(\.\d{1,4})?$/, 'is a share below 1, such as 0.19')
    .default('0')
    .describe('VAT that the marketplace charges sellers on its commission'),
  COMMISSION_RATE: z
    .string()
    .regex(/^0(\.\d{1,4})?$/, 'is a share below 1, such as 0.10')
    .default('0.10')
    .describe("The marketplace's share of a seller's net sale"),
  DRAIN_SECONDS: integer(0, 120)
    .default(0)
    .describe('Time to go on serving at the end, no longer ready, until balancers turn away'),
  SHUTDOWN_SECONDS: integer(1, 300)
    .default(20)
    .describe('Time given to running requests at the end'),
} as const

export type Settings = { [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]> }
