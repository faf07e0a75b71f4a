import { resolve } from 'node:path'
import { z } from 'zod'

/** Modules that a process can run itself or call in another process. */
export const MODULES = [
  'catalog',
  'media',
  'search',
  'cart',
  'pricing',
  'inventory',
  'orders',
  'payments',
  'shipping',
] as const
export type ModuleName = (typeof MODULES)[number]

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'is a whole number').transform(Number).pipe(z.int().min(min).max(max))
const flag = z.enum(['on', 'off']).transform((value) => value === 'on')
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `is a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/** Every setting there is, with its meaning. An unknown STOA_… variable stops the start. */
const SETTINGS = {
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
  DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .describe('PostgreSQL 15 or later; embedded if absent'),
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
  OPENSEARCH_URL: url('http:', 'https:')
    .optional()
    .describe('OpenSearch or Elasticsearch, as the engine of search; the embedded one if absent'),
  STOA_DEMO: flag
    .default(true)
    .describe('Load the demo catalogue into an empty database, and play its warehouse and carrier'),
  STOA_DATA: z
    .string()
    .default('data')
    .describe('Folder of the demo catalogue and the reference data'),
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
  COMMISSION_RATE: z
    .string()
    .regex(/^0(\.\d{1,4})?$/, 'is a share below 1, such as 0.10')
    .default('0.10')
    .describe("The marketplace's share of a seller's net sale"),
  SHUTDOWN_SECONDS: integer(1, 300)
    .default(20)
    .describe('Time given to running requests at the end'),
} as const

type Settings = { [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]> }

export type Config = Readonly<Settings> &
  Readonly<{ home: string; dataFolder: string; testProvider: boolean }>

/** The configuration is wrong: one sentence for each mistake. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/**
 * Reads the environment once and checks all of it.
 * @throws ConfigError with a sentence for every mistake.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const mistakes: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const given = environment[name]
    const result = schema.safeParse(given === '' ? undefined : given)
    if (result.success) values[name] = result.data
    else
      mistakes.push(
        `${name}="${maskIfSecret(name, given)}" is wrong: it ${result.error.issues[0]?.message ?? 'is not valid'}.`,
      )
  }
  for (const name of Object.keys(environment)) {
    if (
      name.startsWith('STOA_') &&
      !(name in SETTINGS) &&
      !name.startsWith('STOA_TEST_') &&
      name !== 'STOA_LAUNCHER_PID'
    ) {
      mistakes.push(`${name} is not a setting of Stoa: see \`stoa start --help\`.`)
    }
  }
  const settings = values as Settings
  if (mistakes.length === 0) mistakes.push(...contradictions(settings))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Object.freeze({
    ...settings,
    home: resolve(settings.STOA_HOME),
    dataFolder: resolve(settings.STOA_DATA),
    testProvider: settings.TEST_PROVIDER ?? settings.NODE_ENV !== 'production',
  })
}

function contradictions(settings: Settings): string[] {
  const mistakes: string[] = []
  const runsInventory = settings.STOA_MODULES.includes('inventory')
  if (!runsInventory && !settings.INVENTORY_URL) {
    mistakes.push(
      'STOA_MODULES leaves out inventory, so INVENTORY_URL must say which process runs it.',
    )
  }
  if (
    (settings.INVENTORY_URL || settings.STOA_MODULES.length < MODULES.length) &&
    !settings.RPC_SECRET
  ) {
    mistakes.push('RPC_SECRET is needed when modules run in several processes.')
  }
  const others = MODULES.filter(
    (name) => name !== 'inventory' && !settings.STOA_MODULES.includes(name),
  )
  if (others.length > 0 && settings.STOA_MODULES.some((name) => name !== 'inventory')) {
    mistakes.push(
      `STOA_MODULES must be all modules, all but inventory, or inventory alone: it leaves out ${others.join(', ')}.`,
    )
  }
  const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings
  if (settings.S3_ENDPOINT && !(S3_BUCKET && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY)) {
    mistakes.push('S3_ENDPOINT needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.')
  }
  if (settings.TEST_PROVIDER_URL && !settings.TEST_PROVIDER_SECRET) {
    mistakes.push('TEST_PROVIDER_URL needs TEST_PROVIDER_SECRET.')
  }
  return mistakes
}

function maskIfSecret(name: string, value: string | undefined): string {
  return /KEY|SECRET|URL/.test(name) && value ? `${value.slice(0, 4)}…` : (value ?? '')
}

/** Name, meaning and default of each setting, for `--help` and the documentation. */
export function describeSettings(): { name: string; meaning: string; standard: string }[] {
  return Object.entries(SETTINGS).map(([name, schema]) => {
    const standard = schema.safeParse(undefined)
    const value = standard.success ? standard.data : undefined
    const text =
      value === undefined
        ? ''
        : Array.isArray(value)
          ? 'all'
          : value === true
            ? 'on'
            : String(value)
    return { name, meaning: schema.description ?? '', standard: text }
  })
}
