import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command.ts'

/** Secrets of one installation, made at the first start and kept in its home, readable by its owner. */
export type Secrets = Readonly<{
  operatorApiKey: string
  providerApiKey: string
  providerWebhookSecret: string
  /** As in VAULT_KEYS. */
  vaultKeys: string
}>

/** Reads the installation's secrets, or makes them. @throws CommandError if the folder cannot be written. */
export function homeSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json')
  try {
    mkdirSync(home, { recursive: true })
    const kept = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>)
      : {}
    const secrets: Secrets = { ...newSecrets(), ...kept }
    if (Object.keys(kept).length === Object.keys(secrets).length) return secrets
    replaceFile(file, `${JSON.stringify(secrets, null, 2)}\n`)
    return secrets
  } catch (error) {
    throw new CommandError(
      `The folder ${home} cannot be used: ${(error as Error).message}.`,
      'Set STOA_HOME to a folder that you may write.',
    )
  }
}

function newSecrets(): Secrets {
  return {
    operatorApiKey: `op_${randomBytes(24).toString('base64url')}`,
    providerApiKey: `pk_${randomBytes(24).toString('base64url')}`,
    providerWebhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    vaultKeys: `home:${randomBytes(32).toString('base64')}`,
  }
}

/** Changes one of the secrets that are kept in the home. */
export function changeHomeSecrets(home: string, change: Partial<Secrets>): void {
  const secrets = { ...homeSecrets(home), ...change }
  replaceFile(join(home, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`)
}

/** Whoever reads meanwhile sees the old file or the new one, whole. */
export function replaceFile(file: string, text: string): void {
  const fresh = `${file}.new`
  writeFileSync(fresh, text, { mode: 0o600, flush: true })
  renameSync(fresh, file)
}
