const CARD_LIKE = /(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)/g
/**
 * Numbers as issuers give them, in their lengths: Visa, Mastercard, American Express, Diners, JCB,
 * Discover, UnionPay. Numbers of parcels and articles have other lengths and beginnings, mostly.
 */
const ISSUED =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|[45]\d\d)\d{12}|62\d{14,17})$/
const SHORTEST_IN_USE = 14

/** Masks what may be a card number (13 to 19 digits that pass Luhn's check). Source: semantics 24. */
export function maskCardNumbers(text: string): string {
  // Ones, so that a number stays a number and a line of JSON stays JSON.
  return text.replace(CARD_LIKE, (digits) =>
    passesLuhn(digits) ? digits.replace(/\d/g, '1') : digits,
  )
}

/**
 * Whether a text has a card number in it, also in groups. Numbers of 13 digits are taken for those
 * of articles: the last such cards ran out long ago.
 */
export function hasCardNumber(text: string): boolean {
  if (text.length < SHORTEST_IN_USE) return false
  return [...text.matchAll(CARD_LIKE)].some(([found]) => {
    const digits = found.replace(/\D/g, '')
    return ISSUED.test(digits) && passesLuhn(digits)
  })
}

function passesLuhn(text: string): boolean {
  let sum = 0
  for (const [place, digit] of [...text.replace(/\D/g, '')].reverse().entries()) {
    const value = Number(digit) * ((place % 2) + 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
