/**
 * The check digit of GS1 numbers: weights 3 and 1 from the right (GS1 General Specifications
 * 7.9).
 */
function checkDigit(body: string): number {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum += Number(body[body.length - 1 - i]) * (i % 2 ? 1 : 3)
  return (10 - (sum % 10)) % 10
}

export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text) || /^0+$/.test(text)) return false
  return checkDigit(text.slice(0, -1)) === Number(text.at(-1))
}

/** Numbers that shops and libraries give out themselves; they name no product in the world. */
function isRestricted(thirteen: string): boolean {
  return /^(02|04|2|98[1-4]|99)/.test(thirteen)
}

/**
 * The GTIN-13 (or GTIN-8, GTIN-14) of a code as sources write it, or undefined where the check
 * digit fails or the number is a shop's own.
 */
export function normalizeGtin(text: string): string | undefined {
  const code = text.trim()
  if (!isGtin(code)) return undefined
  const digits = code.replace(/^0+/, '')
  if (code.length === 8 && digits.length > 6) return code
  if (digits.length === 14) return digits
  const thirteen = digits.padStart(13, '0')
  return digits.length < 9 || isRestricted(thirteen) ? undefined : thirteen
}

/**
 * The ISBN-13 of an ISBN-10, whose leading zeros a spreadsheet may have eaten; undefined if it is
 * not one.
 */
export function isbn10ToGtin(text: string): string | undefined {
  const isbn = text.trim().toUpperCase().padStart(10, '0')
  if (!/^\d{9}[\dX]$/.test(isbn) || /^0{5}/.test(isbn)) return undefined
  const values = [...isbn].map((digit) => (digit === 'X' ? 10 : Number(digit)))
  const sum = values.reduce((total, value, i) => total + value * (10 - i), 0)
  if (sum % 11 !== 0) return undefined
  const body = `978${isbn.slice(0, 9)}`
  return body + checkDigit(body)
}
