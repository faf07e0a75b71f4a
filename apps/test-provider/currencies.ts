// The bank keeps its own table: it is the independent record that the shop's arithmetic is compared with.
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'
const FOUR_DECIMALS = 'CLF UYW'
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF ' +
  'CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD ' +
  'HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA ' +
  'MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN ' +
  'QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP ' +
  'TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG'

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries({ 0: NO_DECIMALS, 2: TWO_DECIMALS, 3: THREE_DECIMALS, 4: FOUR_DECIMALS }).flatMap(
    ([exponent, codes]) => codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
)

/** Twelve digits, as field 4 of a card network's message (ISO 8583) holds. */
export const AMOUNT_MAX = 999_999_999_999

/** Minor digits of an ISO 4217 currency; undefined if the bank does not know it. */
export function exponentOf(currency: string): number | undefined {
  return EXPONENTS.get(currency)
}

/** "€24.90" of 2490 minor units: shifted as text, never as a float. */
export function formatAmount(amount: number, currency: string, language = 'en'): string {
  const exponent = exponentOf(currency) ?? 2
  const digits = String(amount).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const decimal = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`
  const format = new Intl.NumberFormat(`${language}-u-nu-latn`, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  })
  const text = format.format(decimal as Intl.StringNumericLiteral)
  // A sign like US$ stays whole among letters that are read from the right.
  return text.replace(/[A-Z]\$(?!\S)/, '$&\u200e')
}
