import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto'
import type { Chance } from './chance.ts'

/**
 * Encrypts what is sensitive before it goes into a column: AES-256-GCM under a named key, bound to
 * the place it is kept in, so that a sealed value that is copied into another row does not open.
 */
export type Vault = Readonly<{
  /** @param place where it will be kept, such as `identity.accounts.totp:acc_…`. */
  seal(text: string, place: string): string
  /** @throws if it was sealed for another place, with a key that is gone, or was changed. */
  open(sealed: string, place: string): string
  /** Whether it was sealed with a key that is no longer the newest, and should be sealed anew. */
  isStale(sealed: string): boolean
  /** 32 secret bytes that are the same for the same words, for as long as the oldest key is kept. */
  derive(words: string): Uint8Array
}>

/** Keys by name, the newest first: it seals; all of them open. */
export type VaultKeys = readonly Readonly<{ id: string; key: Uint8Array }>[]

const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** @throws RangeError for keys that are not 32 bytes, or none at all. */
export function createVault({
  keys,
  chance,
}: Readonly<{ keys: VaultKeys; chance: Chance }>): Vault {
  for (const { id, key } of keys) {
    if (key.length !== KEY_BYTES) throw new RangeError(`The vault's key ${id} is not 32 bytes long`)
  }
  // Made once: to make a key of bytes takes longer than to seal with it.
  const ready = keys.map(({ id, key }) => ({ id, key: createSecretKey(key) }))
  const newest = ready.at(0)
  const oldest = ready.at(-1)
  if (!newest || !oldest) throw new RangeError('A vault needs a key')
  const byId = new Map(ready.map(({ id, key }) => [id, key]))
  return {
    seal(text, place) {
      const nonce = chance.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce)
      cipher.setAAD(Buffer.from(`${newest.id}\n${place}`))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const bytes = Buffer.concat([nonce, cipher.getAuthTag(), body])
      return `${newest.id}.${bytes.toString('base64url')}`
    },
    open(sealed, place) {
      const id = keyIdOf(sealed)
      const key = byId.get(id)
      if (!key) throw new Error(`The vault has no key ${id}`)
      const bytes = Buffer.from(sealed.slice(id.length + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(`${id}\n${place}`))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
    isStale: (sealed) => keyIdOf(sealed) !== newest.id,
    derive: (words) => createHmac('sha256', oldest.key).update(`derive\n${words}`).digest(),
  }
}

function keyIdOf(sealed: string): string {
  return sealed.slice(0, Math.max(0, sealed.indexOf('.')))
}

/** Reads `name:base64,name:base64`, the newest first. @throws RangeError if it is malformed. */
export function parseVaultKeys(text: string): VaultKeys {
  return text.split(',').map((entry) => {
    const match = /^([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]{43}=?)$/.exec(entry.trim())
    if (!match) throw new RangeError('A vault key is written NAME:BASE64 of 32 bytes')
    return { id: match[1] as string, key: Buffer.from(match[2] as string, 'base64') }
  })
}
