import { resolve } from 'node:path'
import { MODULES } from './module-names.ts'
import { isSecret, readSecretFiles } from './secret-files.ts'
import { SETTINGS, type Settings } from './settings.ts'

export type Config = Readonly<Settings> &
  Readonly<{
    home: string
    dataFolder: string
    testProvider: boolean
    /** Whether staff act as such only after signing in with two factors. */
    staffSecondFactor: boolean
    /** Which settings were read from which files. */
    secretFiles: Readonly<Record<string, string>>
  }>

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
  const read = readSecretFiles(environment, Object.keys(SETTINGS))
  const mistakes = [...read.mistakes]
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const given = read.environment[name]
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
    secretFiles: read.files,
    home: resolve(settings.STOA_HOME),
    dataFolder: resolve(settings.STOA_DATA),
    testProvider: settings.TEST_PROVIDER ?? settings.NODE_ENV !== 'production',
    staffSecondFactor: needsStaffSecondFactor(settings),
  })
}

/** A demo is to be tried without an authenticator; a shop of real people is not. */
function needsStaffSecondFactor({ STAFF_SECOND_FACTOR, NODE_ENV, STOA_DEMO }: Settings): boolean {
  if (STAFF_SECOND_FACTOR) return STAFF_SECOND_FACTOR === 'required'
  return NODE_ENV === 'production' || !STOA_DEMO
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
  if (settings.STRIPE_SECRET_KEY && !settings.STRIPE_WEBHOOK_SECRET) {
    mistakes.push('STRIPE_SECRET_KEY needs STRIPE_WEBHOOK_SECRET.')
  }
  const { PAYPAL_CLIENT_ID, PAYPAL_CLIENT_SECRET, PAYPAL_WEBHOOK_ID } = settings
  if (PAYPAL_CLIENT_ID && !(PAYPAL_CLIENT_SECRET && PAYPAL_WEBHOOK_ID)) {
    mistakes.push('PAYPAL_CLIENT_ID needs PAYPAL_CLIENT_SECRET and PAYPAL_WEBHOOK_ID.')
  }
  if (settings.BANK_TRANSFER_IBAN && !settings.BANK_TRANSFER_HOLDER) {
    mistakes.push('BANK_TRANSFER_IBAN needs BANK_TRANSFER_HOLDER.')
  }
  if (settings.OIDC_ISSUER && !settings.OIDC_CLIENT_ID) {
    mistakes.push('OIDC_ISSUER needs OIDC_CLIENT_ID.')
  }
  const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings
  if (settings.S3_ENDPOINT && !(S3_BUCKET && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY)) {
    mistakes.push('S3_ENDPOINT needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.')
  }
  if (settings.EVENTS_FROM === 'kafka' && !settings.KAFKA_BROKERS) {
    mistakes.push('EVENTS_FROM=kafka needs KAFKA_BROKERS.')
  }
  if (settings.TEST_PROVIDER_URL && !settings.TEST_PROVIDER_SECRET) {
    mistakes.push('TEST_PROVIDER_URL needs TEST_PROVIDER_SECRET.')
  }
  return mistakes
}

function maskIfSecret(name: string, value: string | undefined): string {
  return (isSecret(name) || name.endsWith('URL')) && value ? `${value.slice(0, 4)}…` : (value ?? '')
}

/** Name, meaning and default of each setting, for `--help` and the documentation. */
export function describeSettings() {
  return Object.entries(SETTINGS).map(([name, schema]) => {
    const standard = schema.safeParse(undefined)
    return {
      name,
      meaning: schema.description ?? '',
      standard: wordOf(standard.success ? standard.data : undefined),
      isSecret: isSecret(name),
    }
  })
}

function wordOf(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (!Array.isArray(value)) return String(value)
  return value.length === MODULES.length ? 'all' : value.join(',') || 'none'
}
