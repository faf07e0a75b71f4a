import { createHash } from 'node:crypto'

/** Crockford's base 32: no letter that is taken for a digit or another letter. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LETTERS = 16

/** A code of 80 bits, `7K3M-…` in four groups, from as many bytes (10) of chance. */
export function codeOf(bytes: Uint8Array): string {
  let value = bytes.slice(0, 10).reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  let letters = ''
  for (let n = 0; n < LETTERS; n += 1) {
    letters = ALPHABET[Number(value & 31n)] + letters
    value >>= 5n
  }
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** A code as a shopper may type it, in one spelling; null if it can be none. */
export function normalizeCode(typed: string): string | null {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return letters.length === LETTERS && [...letters].every((one) => ALPHABET.includes(one))
    ? letters
    : null
}

/** What is kept of a code, and looked for. 80 bits of chance need no slow hash. */
export function hashOfCode(normalized: string): Buffer {
  return createHash('sha256').update(`gift card\n${normalized}`).digest()
}
