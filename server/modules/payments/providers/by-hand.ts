import { createHash } from 'node:crypto'
import type { Clock } from '../../../platform/clock.ts'
import {
  type AuthorizeInput,
  type KnownPayment,
  type PaymentProvider,
  type ProviderPayment,
  ProviderRefused,
} from '../provider.ts'

/** Digits and letters of a creditor reference, after `RF` and its two check digits. */
const REFERENCE_LETTERS = 16
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A creditor reference by ISO 11649 (`RF18 5390 …`), that follows from the words: banks check its
 * digits, so that a slip of the pen is seen at once.
 */
function creditorReference(words: string): string {
  const bytes = createHash('sha256').update(words).digest()
  const body = Array.from(
    { length: REFERENCE_LETTERS },
    (_, n) => ALPHABET[(bytes[n] as number) & 31],
  ).join('')
  const check = 98n - (digitsOf(`${body}RF00`) % 97n)
  return `RF${String(check).padStart(2, '0')}${body}`
}

/** A reference as somebody copied it, in one spelling; null if its check digits are wrong. */
export function readReference(typed: string): string | null {
  const reference = typed.toUpperCase().replace(/\s/g, '')
  if (!/^RF\d\d[0-9A-Z]{1,21}$/.test(reference)) return null
  const digits = digitsOf(`${reference.slice(4)}${reference.slice(0, 4)}`)
  return digits % 97n === 1n ? reference : null
}

/** Letters count from 10, as ISO 7064 has it. */
function digitsOf(text: string): bigint {
  return BigInt([...text].map((letter) => Number.parseInt(letter, 36)).join(''))
}

type Deps = Readonly<{ clock: Clock }>

/** What both have in common: nobody is called, the money is counted by people. */
function byHand(
  name: string,
  method: string,
  authorize: (input: AuthorizeInput) => ProviderPayment,
): PaymentProvider {
  return {
    name,
    methods: [method],
    recordless: true,
    authorize: async (input) => authorize(input),
    // What an operator counted is true because he says so: there is nobody to ask.
    capture: async ({ ref, amount, of }) => ({
      ...basics(of),
      ref,
      status: 'captured',
      captured: amount.amount,
    }),
    void: async ({ ref, of }) => ({ ...basics(of), ref, status: 'voided' }),
    async refund({ key, ref, amount }) {
      return { ref: `${name}_${key}`, paymentRef: ref, status: 'pending', amount: amount.amount }
    },
    find: async () => null,
    verifyWebhook: async () => null,
  }
}

function basics({ reference, attempt, amount }: KnownPayment) {
  const { amount: minor, currency } = amount
  return { reference, attempt, currency, amount: minor, captured: 0, refunded: 0 }
}

/** Cash on delivery: the order stands at once, the money comes with the parcel's receipt. */
export function createCashOnDelivery(): PaymentProvider {
  return byHand('cash', 'cash_on_delivery', (input) => ({
    ...basics(input),
    ref: `cash_${input.key}`,
    status: 'authorized',
  }))
}

/** Payment in advance: the order waits until the transfer with its reference has come. */
export function createBankTransfer({ clock, days }: Deps & { days: number }): PaymentProvider {
  return byHand('transfer', 'bank_transfer', (input) => ({
    ...basics(input),
    ref: creditorReference(input.key),
    status: 'requires_action',
    payBefore: new Date(clock.now().getTime() + days * 24 * 60 * 60_000).toISOString(),
  }))
}

/** Gift cards and store credit alone: nothing is ever left for it to take. */
export const PREPAID_PROVIDER: PaymentProvider = byHand('shop', 'prepaid', () => {
  throw new ProviderRefused('prepaid_too_little')
})
