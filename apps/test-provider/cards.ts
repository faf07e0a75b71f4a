import { createHmac } from 'node:crypto'

export type Card = Readonly<{
  brand: string
  last4: string
  expiryMonth: number
  expiryYear: number
  fingerprint: string
}>

/** What the bank does with a card. `decide` is the first answer; the rest comes later. */
export type Behaviour = Readonly<{
  decide: 'approve' | 'decline' | 'ask_shopper' | 'process' | 'break'
  declineCode?: string
  riskScore?: number
  answerNeverComes?: boolean
  disputed?: boolean
  refundFails?: boolean
}>

export const RISK_SCORE_USUAL = 8

const BEHAVIOURS = {
  success: { decide: 'approve' },
  declined: { decide: 'decline', declineCode: 'card_declined' },
  insufficient_funds: { decide: 'decline', declineCode: 'insufficient_funds' },
  lost_card: { decide: 'decline', declineCode: 'lost_card' },
  stolen_card: { decide: 'decline', declineCode: 'stolen_card' },
  expired_card: { decide: 'decline', declineCode: 'expired_card' },
  incorrect_cvc: { decide: 'decline', declineCode: 'incorrect_cvc' },
  processing_error: { decide: 'decline', declineCode: 'processing_error' },
  blocked: { decide: 'decline', declineCode: 'fraudulent', riskScore: 99 },
  requires_action: { decide: 'ask_shopper' },
  processing: { decide: 'process' },
  timeout: { decide: 'approve', answerNeverComes: true },
  error: { decide: 'break' },
  fraud: { decide: 'approve', riskScore: 93 },
  chargeback: { decide: 'approve', disputed: true },
  refund_fails: { decide: 'approve', refundFails: true },
} as const satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof BEHAVIOURS

export function behaviourOf(name: BehaviourName): Behaviour {
  return BEHAVIOURS[name]
}

// The numbers that payment providers publish for testing; no other number is taken, so that no
// real card can be charged, kept or leaked here by mistake.
const TEST_CARDS: ReadonlyMap<string, BehaviourName> = new Map<string, BehaviourName>([
  ['4242424242424242', 'success'],
  ['4000056655665556', 'success'],
  ['5555555555554444', 'success'],
  ['2223003122003222', 'success'],
  ['5200828282828210', 'success'],
  ['378282246310005', 'success'],
  ['6011111111111117', 'success'],
  ['3056930009020004', 'success'],
  ['3566002020360505', 'success'],
  ['6200000000000005', 'success'],
  ['4000000000000002', 'declined'],
  ['4000000000009995', 'insufficient_funds'],
  ['4000000000009987', 'lost_card'],
  ['4000000000009979', 'stolen_card'],
  ['4000000000000069', 'expired_card'],
  ['4000000000000127', 'incorrect_cvc'],
  ['4000000000000119', 'processing_error'],
  ['4100000000000019', 'blocked'],
  ['4000000000004954', 'fraud'],
  ['4000000000003220', 'requires_action'],
  ['4000002500003155', 'requires_action'],
  ['4000000000000259', 'chargeback'],
  ['4000000000005126', 'refund_fails'],
])

/** The behaviour of a token that the contract names, such as `tok_success`. */
export function namedToken(token: string): BehaviourName | undefined {
  const name = token.slice('tok_'.length)
  return Object.hasOwn(BEHAVIOURS, name) ? (name as BehaviourName) : undefined
}

export function testCardBehaviour(number: string): BehaviourName | undefined {
  return TEST_CARDS.get(number)
}

/** Luhn's check digit (ISO/IEC 7812-1, annex B) over a string of digits. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = digit * 2
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}

/** Brand by the issuer's number ranges. */
export function brandOf(number: string): string {
  if (number.startsWith('4')) return 'visa'
  if (/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(number)) return 'mastercard'
  if (/^3[47]/.test(number)) return 'amex'
  if (/^(6011|64[4-9]|65)/.test(number)) return 'discover'
  if (/^3(0[0-5]|[689])/.test(number)) return 'diners'
  if (/^35(2[89]|[3-8])/.test(number)) return 'jcb'
  if (/^62/.test(number)) return 'unionpay'
  return 'unknown'
}

/** Same card, same fingerprint; without the key nobody can try numbers against it. */
export function fingerprintOf(number: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(number).digest('base64url').slice(0, 22)
}

// Boundaries on both sides, so that a long opaque id with digits in it is not taken for a card.
const CARD_NUMBER = /(?<![0-9A-Za-z])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])/g

/** Whether text holds what can be a card number: 13 to 19 digits that pass Luhn's check. */
export function holdsCardNumber(text: string): boolean {
  if (text.search(CARD_NUMBER) < 0) return false
  return (text.match(CARD_NUMBER) ?? []).some((found) => passesLuhn(found.replace(/[ -]/g, '')))
}
