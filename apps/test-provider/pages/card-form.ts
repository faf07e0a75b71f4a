import { type BehaviourName, brandOf, passesLuhn, testCardBehaviour } from '../cards.ts'

export type CardForm = Readonly<{ number: string; expiry: string; cvc: string }>
export type CardField = keyof CardForm
export type CardErrors = Readonly<Partial<Record<CardField, string>>>

/** A card that passed every check. The number lives no longer than the request that brought it. */
export type CheckedCard = Readonly<{
  number: string
  brand: string
  expiryMonth: number
  expiryYear: number
  behaviour: BehaviourName
}>

function checkNumber(number: string): string | undefined {
  if (number === '') return 'Enter the card number.'
  if (!/^[0-9]+$/.test(number)) return 'A card number has digits only.'
  if (number.length < 13) return 'This card number is incomplete.'
  if (number.length > 19 || !passesLuhn(number))
    return 'This is not a card number. Check the digits.'
  if (testCardBehaviour(number) === undefined) {
    return 'Only test cards work here. Try 4242, four times over.'
  }
  return undefined
}

function readExpiry(text: string): Readonly<{ month: number; year: number }> | undefined {
  const parts = /^([0-9]{1,2})\s*[/. -]?\s*([0-9]{2}|[0-9]{4})$/.exec(text.trim())
  if (parts === null) return undefined
  const month = Number(parts[1])
  const year = Number(parts[2])
  if (month < 1 || month > 12) return undefined
  return { month, year: year < 100 ? 2000 + year : year }
}

function checkExpiry(text: string, now: Date): string | undefined {
  if (text.trim() === '') return 'Enter the expiry date.'
  const expiry = readExpiry(text)
  if (expiry === undefined) return 'Write the expiry date as MM / YY.'
  // A card is good to the last day of its month.
  const monthsLeft =
    (expiry.year - now.getUTCFullYear()) * 12 + expiry.month - now.getUTCMonth() - 1
  if (monthsLeft < 0) return 'This card has expired.'
  return monthsLeft > 12 * 20 ? 'Check the expiry year.' : undefined
}

function checkCvc(cvc: string, brand: string): string | undefined {
  const length = brand === 'amex' ? 4 : 3
  const where = brand === 'amex' ? 'front' : 'back'
  if (new RegExp(`^[0-9]{${length}}$`).test(cvc.trim())) return undefined
  return `Enter the ${length} digits from the ${where} of the card.`
}

/** Checks a card form field by field; the errors are for the shopper and repeat no input. */
export function checkCardForm(
  form: CardForm,
  now: Date,
): Readonly<{ card: CheckedCard } | { errors: CardErrors }> {
  const number = form.number.replace(/[\s-]/g, '')
  const brand = brandOf(number)
  const found: Record<CardField, string | undefined> = {
    number: checkNumber(number),
    expiry: checkExpiry(form.expiry, now),
    cvc: checkCvc(form.cvc, brand),
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
