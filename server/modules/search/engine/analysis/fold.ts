const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

const ASCII_ONLY = /^[\n\r\t -~]*$/
const INCH_MARKS = /[″“”„]|''|′′/g
const TRADE_MARKS = /[™®©℠\u200b-\u200f\u2060\ufeff\u00ad]/g
const APOSTROPHES = /[’‘ʼ`´]/g
const HYPHENS = /[‐‑‒–—−]/g
const LOOSE_LETTERS = /[ßæœøłđðþı]/g
/** Accents, but not those that make another letter of a kana: か is not が. */
const ACCENTS = /(?:(?![\u3099\u309a])\p{M})+/gu
const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g

/**
 * Makes spellings of one word equal: lower case, no accents, full-width and ligatures unfolded,
 * trade marks gone, one kind of quote, hyphen and inch mark.
 */
export function fold(text: string): string {
  if (ASCII_ONLY.test(text)) {
    return text.toLowerCase()
  }
  return text
    .replace(TRADE_MARKS, ' ')
    .replace(INCH_MARKS, '"')
    .replace(APOSTROPHES, "'")
    .replace(HYPHENS, '-')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(ARABIC_DIGITS, (digit) => String(digit.charCodeAt(0) & 15))
    .toLowerCase()
    .normalize('NFC')
    .replace(LOOSE_LETTERS, (letter) => LETTERS[letter] ?? letter)
}
