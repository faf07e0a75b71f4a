import { randomBytes } from 'node:crypto'
import { KEYS_ARE_KNOWN_MS, type Operations } from '../composition/operations.ts'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { DERIVING_KEY, withNewKey, withoutOldKeys, writeVaultKeys } from '../platform/vault.ts'
import { type Command, CommandError, print } from './command.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import { openQuietShop } from './quiet-shop.ts'

export const keys: Command = {
  name: 'keys',
  summary: 'Replaces the key that seals secrets in the database, beside a live shop',
  usage: 'stoa keys status|rotate|retire',
  help: [
    'Ways to pay of undecided orders, secrets of authenticator apps and mails on their way out are sealed (AES-256-GCM).',
    '\n  stoa keys status   names of the keys, and how many values hang on old ones',
    '  stoa keys rotate   adds a key, and seals with it what the old ones have sealed; again, it goes on',
    '  stoa keys retire   removes old keys, once nothing hangs on them',
    '\nKeys are kept in the file that VAULT_KEYS_FILE names, or in STOA_HOME; running processes read them anew every few',
    'seconds. Where VAULT_KEYS sets them, rotate prints the values to set and when.',
    '\nExit code 0: done; 2: some values still hang on an old key.',
  ].join('\n'),
  options: {},
  async run(_options, [action, ...rest]) {
    if (!['status', 'rotate', 'retire'].includes(action ?? '') || rest.length > 0)
      throw new CommandError('Say status, rotate or retire.', 'See `stoa keys --help`.')
    const config = readConfig(process.env)
    const keyring = openKeyring(config)
    if (action === 'rotate' && !(await addKey(keyring))) return 0
    const quiet = await openQuietShop(config, createLog('error'))
    try {
      const { operations } = quiet.shop
      if (action === 'rotate') return await rotate(operations)
      if (action === 'retire') return await retire(operations, keyring)
      return await tell(operations, { renew: false })
    } finally {
      await quiet.close()
    }
  },
}

/**
 * Adds a key where none was added before, and waits until every process has seen it: from then on nobody seals with an
 * old one.
 * @returns false where the operator has to do it.
 */
async function addKey(keyring: Keyring): Promise<boolean> {
  const present = keyring.read()
  if (present.filter(({ id }) => id !== DERIVING_KEY).length > 1) return true
  const taken = new Set(present.map(({ id }) => id))
  const day = `k${systemClock.now().toISOString().slice(0, 10)}`
  const id = taken.has(day) ? `${day}-${randomBytes(2).toString('hex')}` : day
  const next = withNewKey(present, { id, key: randomBytes(32) })
  if (!keyring.write) {
    const [added, ...others] = next
    print('VAULT_KEYS comes from the environment. Set it in all processes, in this order:\n')
    print(
      `  1. VAULT_KEYS=${writeVaultKeys([...others.slice(0, 1), ...next.slice(0, 1), ...others.slice(1)])}`,
    )
    print(`     All processes can open what the new key ${added?.id} will seal.`)
    print(`  2. VAULT_KEYS=${writeVaultKeys(next)}`)
    print('     The new key seals. Then `stoa keys rotate` again seals the rest with it.')
    return false
  }
  keyring.write(next)
  print(
    `Key ${id} is added to ${keyring.where}. Every process will know it in ${(2 * KEYS_ARE_KNOWN_MS) / 1000} s.`,
  )
  await systemClock.sleep(2 * KEYS_ARE_KNOWN_MS)
  return true
}

async function rotate(operations: Operations): Promise<number> {
  const outcome = await tell(operations, { renew: true })
  await operations.audit.note({
    actor: 'cli:keys',
    action: 'keys.rotated',
    entityId: operations.vault.keyIds()[0] ?? null,
    details: { complete: outcome === 0 },
  })
  if (outcome === 0) print('Nothing hangs on an old key. `stoa keys retire` removes the old ones.')
  return outcome
}

async function retire(operations: Operations, keyring: Keyring): Promise<number> {
  const outcome = await tell(operations, { renew: false })
  if (outcome !== 0) {
    print('Old keys are still needed: `stoa keys rotate` first.')
    return outcome
  }
  const kept = withoutOldKeys(keyring.read())
  if (!keyring.write) {
    print(`Nothing hangs on an old key. Set VAULT_KEYS=${writeVaultKeys(kept)}`)
    return 0
  }
  keyring.write(kept)
  await operations.audit.note({
    actor: 'cli:keys',
    action: 'keys.retired',
    entityId: kept[0]?.id ?? null,
    details: {},
  })
  print(`Only ${kept[0]?.id} opens and seals now.`)
  return 0
}

async function tell(operations: Operations, how: Readonly<{ renew: boolean }>): Promise<number> {
  print(`Keys: ${operations.vault.keyIds().join(', ')} (the first one seals)`)
  let stale = 0
  for (const { column, ...counts } of await operations.reseal(how)) {
    const unreadable = counts.unreadable > 0 ? `, ${counts.unreadable} that no key opens` : ''
    print(`  ${column}: ${counts.renewed} sealed anew, ${counts.stale} on old keys${unreadable}`)
    stale += counts.stale
  }
  return stale === 0 ? 0 : 2
}
