import type { Config } from '../config.ts'
import { parseVaultKeys, type VaultKeys, writeVaultKeys } from '../platform/vault.ts'
import { readSecretFile } from '../secret-files.ts'
import { changeHomeSecrets, homeSecrets, replaceFile } from './home.ts'

/** Where the vault's keys are kept. */
export type Keyring = Readonly<{
  /** In words, for messages. */
  where: string
  /** As they are now: another process may have changed them. */
  read(): VaultKeys
  /** Absent: they come from the environment, which only the operator can change. */
  write?(keys: VaultKeys): void
}>

/** The keys of VAULT_KEYS, of the file that VAULT_KEYS_FILE names, or of the installation's home. */
export function openKeyring(config: Config): Keyring {
  const { VAULT_KEYS: set, home, secretFiles } = config
  const file = secretFiles['VAULT_KEYS']
  if (file) {
    return {
      where: file,
      read: () => parseVaultKeys(readSecretFile(file)),
      write: (keys) => replaceFile(file, `${writeVaultKeys(keys)}\n`),
    }
  }
  if (set) return { where: 'VAULT_KEYS', read: () => set }
  return {
    where: `secrets.json of ${home}`,
    read: () => parseVaultKeys(homeSecrets(home).vaultKeys),
    write: (keys) => changeHomeSecrets(home, { vaultKeys: writeVaultKeys(keys) }),
  }
}
