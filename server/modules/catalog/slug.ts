import { hash } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const MAX_WORDS_LENGTH = 80

const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  '&': ' and ',
}

/** A name as words for an address: lower case, ASCII, joined by hyphens, at most 80 characters. */
export function slugWords(name: string): string {
  const lower = name.toLowerCase()
  // Most names have nothing to spell: two passes less for them, by the million.
  const spelled = /^[\x20-\x7e]*$/.test(lower) ? lower.replaceAll('&', ' and ') : spell(lower)
  const plain = spelled
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  if (plain.length <= MAX_WORDS_LENGTH) return plain
  const cut = plain.slice(0, MAX_WORDS_LENGTH + 1)
  return cut.slice(0, Math.max(cut.lastIndexOf('-'), 20)).replace(/-$/, '')
}

function spell(lower: string): string {
  return lower
    .replace(/[ßæœøđłþ&]/g, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
}

/** Whether a slug was made of the product's ref, not chosen by somebody. */
export function isMadeSlug(slug: string, ref: string): boolean {
  return [6, 16].some((length) => `-${slug}`.endsWith(`-${productSlug('', ref, length)}`))
}

/**
 * A product's slug: its name and a mark made from its ref, so that products of one name differ,
 * and the same file makes the same addresses wherever it is loaded.
 * @param markLength 6 letters, 30 bits; more where that slug is taken.
 */
export function productSlug(name: string, ref: string, markLength = 6): string {
  const digest = hash('sha256', ref, 'binary')
  let mark = ''
  for (let place = 0; place < markLength; place += 1)
    mark += ALPHABET[digest.charCodeAt(place) & 31]
  const words = slugWords(name)
  return words === '' ? mark : `${words}-${mark}`
}
