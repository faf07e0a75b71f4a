import { type BehaviourName, brandOf, passesLuhn, testCardBehaviour } from '../cards.ts'
import type { BankWords } from './words.ts'

export type CardForm = Readonly<{ number: string; expiry: string; cvc: string }>
export type CardField = keyof CardForm
export type CardErrors = Readonly<Partial<Record<CardField, string>>>

/** What is said of a field that is not right. */
type Faults = BankWords['faults']

/** A card that passed every check. The number lives no longer than the request that brought it. */
export type CheckedCard = Readonly<{
  number: string
  brand: string
  expiryMonth: number
  expiryYear: number
  behaviour: BehaviourName
}>

function checkNumber(number: string, faults: Faults): string | undefined {
  if (number === '') return faults.numberMissing
  if (!/^[0-9]+$/.test(number)) return faults.numberLetters
  if (number.length < 13) return faults.numberShort
  if (number.length > 19 || !passesLuhn(number)) return faults.numberWrong
  return testCardBehaviour(number) === undefined ? faults.numberReal : undefined
}

function readExpiry(text: string): Readonly<{ month: number; year: number }> | undefined {
  const parts = /^([0-9]{1,2})\s*[/. -]?\s*([0-9]{2}|[0-9]{4})$/.exec(text.trim())
  if (parts === null) return undefined
  const month = Number(parts[1])
  const year = Number(parts[2])
  if (month < 1 || month > 12) return undefined
  return { month, year: year < 100 ? 2000 + year : year }
}

function checkExpiry(text: string, now: Date, faults: Faults): string | undefined {
  if (text.trim() === '') return faults.expiryMissing
  const expiry = readExpiry(text)
  if (expiry === undefined) return faults.expiryForm
  // A card is good to the last day of its month.
  const monthsLeft =
    (expiry.year - now.getUTCFullYear()) * 12 + expiry.month - now.getUTCMonth() - 1
  if (monthsLeft < 0) return faults.expired
  return monthsLeft > 12 * 20 ? faults.expiryFar : undefined
}

function checkCvc(cvc: string, brand: string, faults: Faults): string | undefined {
  const isAmex = brand === 'amex'
  if ((isAmex ? /^[0-9]{4}$/ : /^[0-9]{3}$/).test(cvc.trim())) return undefined
  return isAmex ? faults.cvcFront : faults.cvcBack
}

/** Checks a card form field by field; the errors are for the shopper, in his language, and repeat no input. */
export function checkCardForm(
  form: CardForm,
  now: Date,
  { faults }: BankWords,
): Readonly<{ card: CheckedCard } | { errors: CardErrors }> {
  const number = form.number.replace(/[\s-]/g, '')
  const brand = brandOf(number)
  const found: Record<CardField, string | undefined> = {
    number: checkNumber(number, faults),
    expiry: checkExpiry(form.expiry, now, faults),
    cvc: checkCvc(form.cvc, brand, faults),
  }
  const errors = Object.entries(found).filter(([, message]) => message !== undefined)
  const expiry = readExpiry(form.expiry)
  const behaviour = testCardBehaviour(number)
  if (errors.length > 0 || expiry === undefined || behaviour === undefined) {
    return { errors: Object.fromEntries(errors) }
  }
  return {
    card: { number, brand, expiryMonth: expiry.month, expiryYear: expiry.year, behaviour },
  }
}
