import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command.ts'

/** Secrets of one installation, made at the first start and kept in its home, readable by its owner. */
export type Secrets = Readonly<{
  operatorApiKey: string
  providerApiKey: string
  providerWebhookSecret: string
}>

/** Reads the installation's secrets, or makes them. @throws CommandError if the folder cannot be written. */
export function homeSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json')
  try {
    mkdirSync(home, { recursive: true })
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets
    const secrets: Secrets = {
      operatorApiKey: `op_${randomBytes(24).toString('base64url')}`,
      providerApiKey: `pk_${randomBytes(24).toString('base64url')}`,
      providerWebhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    }
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    return secrets
  } catch (error) {
    throw new CommandError(
      `The folder ${home} cannot be used: ${(error as Error).message}.`,
      'Set STOA_HOME to a folder that you may write.',
    )
  }
}
