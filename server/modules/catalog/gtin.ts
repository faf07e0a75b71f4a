/** Digit that closes a GS1 number: weights 3 and 1 from the right (GS1 General Specifications 7.9). */
export function gtinCheckDigit(body: string): number {
  let sum = 0
  for (let place = 0; place < body.length; place += 1) {
    sum += Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 3 : 1)
  }
  return (10 - (sum % 10)) % 10
}

/** Whether this is a GTIN-8, UPC-A, EAN-13 (ISBN-13 among them) or GTIN-14 with a right check digit. */
export function isGtin(text: string): boolean {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text) || /^0+$/.test(text)) return false
  return gtinCheckDigit(text.slice(0, -1)) === Number(text.at(-1))
}

/** Whether this is an ISBN-10 with a right check digit: weights 10 to 1, modulo 11 (ISO 2108). */
function isIsbn10(text: string): boolean {
  if (!/^\d{9}[\dX]$/.test(text)) return false
  const sum = [...text].reduce(
    (total, digit, place) => total + (digit === 'X' ? 10 : Number(digit)) * (10 - place),
    0,
  )
  return sum % 11 === 0
}

/**
 * The one spelling that numbers are kept in: 13 digits (a UPC gets its leading zero, an ISBN-10
 * its 978), except GTIN-8 and GTIN-14, which are other numbers.
 * @returns undefined if the check digit is wrong, or it is no such number.
 */
export function normalizeGtin(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  if (isIsbn10(code)) {
    const body = `978${code.slice(0, 9)}`
    return `${body}${gtinCheckDigit(body)}`
  }
  if (!isGtin(code)) return undefined
  return code.length === 12 ? `0${code}` : code
}
