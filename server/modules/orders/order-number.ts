import { createHash } from 'node:crypto'

/** Crockford's base 32: no I, L, O or U to be misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BASE = ALPHABET.length
const LETTERS = 11

/**
 * The number that a shopper sees, `7K3M-Q2XV-9RTA`: 55 bits that follow from the order's id and
 * tell nothing of it, nor of the number before, and a check letter.
 */
export function orderNumber(orderId: string): string {
  const bits = createHash('sha256').update(`order number\n${orderId}`).digest().readBigUInt64BE(0)
  let letters = ''
  for (let place = 0; place < LETTERS; place += 1) {
    letters += ALPHABET[Number((bits >> BigInt(5 * place)) & 31n)]
  }
  return dashed(`${letters}${checkLetter(letters)}`)
}

/**
 * The number that somebody typed, as it is written: any one wrong letter, or two swapped, is found.
 * @returns undefined if it is none.
 */
export function readOrderNumber(text: string): string | undefined {
  const letters = text.toUpperCase().replace(/[-\s]/g, '')
  if (letters.length !== LETTERS + 1) return undefined
  return checkLetter(letters.slice(0, LETTERS)) === letters[LETTERS] ? dashed(letters) : undefined
}

/** Whether a number was read and typed rightly. */
export function isOrderNumber(text: string): boolean {
  return readOrderNumber(text) !== undefined
}

function dashed(letters: string): string {
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** ISO/IEC 7064's hybrid scheme (as MOD 11,10), over 32 letters: MOD 33,32. */
function checkLetter(letters: string): string | undefined {
  let carry = BASE
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) return undefined
    const sum = (carry + value) % BASE || BASE
    carry = (sum * 2) % (BASE + 1)
  }
  return ALPHABET[(BASE + 1 - carry) % BASE]
}
