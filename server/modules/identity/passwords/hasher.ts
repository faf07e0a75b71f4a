import { timingSafeEqual } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import type { Chance } from '../../../platform/chance.ts'
import { createGate } from '../../../platform/gate.ts'

/** Argon2id as OWASP's cheat sheet asks for: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const SALT_BYTES = 16

export type Hasher = Readonly<{
  /** @param like a hash of the same address, whose salt is taken. */
  hash(password: string, like?: string): Promise<string>
  /**
   * Which of an address's hashes the password fits. Takes as long for none as for one: accounts of
   * one address share their salt, and where there is none a hash is made all the same.
   */
  match(password: string, hashes: readonly string[]): Promise<readonly boolean[]>
}>

/**
 * Hashes in native threads, few at a time: passwords never hold up the event loop, nor does a flood
 * of them take all memory. @throws unavailable if too many wait.
 */
export function createHasher({
  chance,
  concurrency = 2,
  waiting = 200,
}: Readonly<{ chance: Chance; concurrency?: number; waiting?: number }>): Hasher {
  const gate = createGate({ concurrency, waiting })
  const make = (password: string, salt: Uint8Array) =>
    gate(() => hash(password.normalize('NFKC'), { ...COST, salt }))
  return {
    hash: (password, like) => make(password, like ? saltOf(like) : chance.bytes(SALT_BYTES)),
    async match(password, hashes) {
      const [first] = hashes
      const made = new Map<string, string>()
      for (const one of first === undefined ? [''] : hashes) {
        const salt = one === '' ? Buffer.alloc(SALT_BYTES, 1) : saltOf(one)
        const key = salt.toString('base64')
        if (!made.has(key)) made.set(key, await make(password, salt))
      }
      return hashes.map((one) => isSame(made.get(saltOf(one).toString('base64')) ?? '', one))
    },
  }
}

/** Salt of `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
function saltOf(encoded: string): Buffer {
  return Buffer.from(encoded.split('$')[4] ?? '', 'base64')
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
