import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
} from 'node:crypto'
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
  /** 32 secret bytes that are the same for the same words, whichever keys come and go. */
  derive(words: string): Uint8Array
  /** Names of the keys that seal or open, the newest first. */
  keyIds(): readonly string[]
  /** Reads the keys anew where they are kept: one may have come or gone. */
  refresh(): void
}>

/** Keys by name, the newest first: it seals; all of them open. */
export type VaultKeys = readonly Readonly<{ id: string; key: Uint8Array }>[]

/**
 * The key of this name neither seals nor opens: what is derived from words comes from it, so that it outlives the
 * others. Where there is none, the oldest key derives.
 */
export const DERIVING_KEY = 'derive'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/**
 * @param keys the keys, or where they can be read again and again.
 * @throws RangeError for keys that are not 32 bytes, or none at all.
 */
export function createVault({
  keys,
  chance,
}: Readonly<{ keys: VaultKeys | (() => VaultKeys); chance: Chance }>): Vault {
  const read = typeof keys === 'function' ? keys : () => keys
  let ring = makeRing(read())

  /** A key that is not known was perhaps added by another process a moment ago. */
  function find(id: string): KeyObject {
    if (!ring.byId.has(id)) ring = makeRing(read())
    const key = ring.byId.get(id)
    if (!key) throw new Error(`The vault has no key ${id}`)
    return key
  }

  return {
    seal(text, place) {
      const { id, key } = ring.newest
      const nonce = chance.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(`${id}\n${place}`))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const bytes = Buffer.concat([nonce, cipher.getAuthTag(), body])
      return `${id}.${bytes.toString('base64url')}`
    },
    open(sealed, place) {
      const id = keyIdOf(sealed)
      const key = find(id)
      const bytes = Buffer.from(sealed.slice(id.length + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(`${id}\n${place}`))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
    isStale: (sealed) => keyIdOf(sealed) !== ring.newest.id,
    derive: (words) => createHmac('sha256', ring.deriving).update(`derive\n${words}`).digest(),
    keyIds: () => [...ring.byId.keys()],
    refresh() {
      ring = makeRing(read())
    },
  }
}

type Ring = Readonly<{
  newest: Readonly<{ id: string; key: KeyObject }>
  deriving: KeyObject
  byId: ReadonlyMap<string, KeyObject>
}>

function makeRing(keys: VaultKeys): Ring {
  for (const { id, key } of keys) {
    if (key.length !== KEY_BYTES) throw new RangeError(`The vault's key ${id} is not 32 bytes long`)
  }
  // Made once: to make a key of bytes takes longer than to seal with it.
  const ready = keys.map(({ id, key }) => ({ id, key: createSecretKey(key) }))
  const sealing = ready.filter(({ id }) => id !== DERIVING_KEY)
  const [newest] = sealing
  const deriving = ready.find(({ id }) => id === DERIVING_KEY) ?? sealing.at(-1)
  if (!newest || !deriving) throw new RangeError('A vault needs a key')
  const byId = new Map(sealing.map(({ id, key }) => [id, key]))
  if (byId.size < sealing.length) throw new RangeError('Two keys of the vault have one name')
  return { newest, deriving: deriving.key, byId }
}

/** Adds a key that seals from now on. What was derived until now stays as it was. */
export function withNewKey(keys: VaultKeys, added: VaultKeys[number]): VaultKeys {
  const sealing = keys.filter(({ id }) => id !== DERIVING_KEY)
  const deriving = keys.find(({ id }) => id === DERIVING_KEY) ?? sealing.at(-1)
  if (!deriving) throw new RangeError('A vault needs a key')
  return [added, ...sealing, { id: DERIVING_KEY, key: deriving.key }]
}

/** Leaves only the newest key, and the one that derives. */
export function withoutOldKeys(keys: VaultKeys): VaultKeys {
  const sealing = keys.filter(({ id }) => id !== DERIVING_KEY)
  const deriving = keys.filter(({ id }) => id === DERIVING_KEY)
  if (sealing.length > 1 && deriving.length === 0)
    throw new RangeError(`The oldest key still derives: name it ${DERIVING_KEY} as well`)
  return [...sealing.slice(0, 1), ...deriving]
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

/** As `parseVaultKeys` reads it. */
export function writeVaultKeys(keys: VaultKeys): string {
  return keys.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(',')
}
