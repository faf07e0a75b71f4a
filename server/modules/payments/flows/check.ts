import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { PaymentsApi } from '../api.ts'
import type { Methods } from '../methods.ts'
import type { Prepaid } from '../prepaid.ts'
import { PREPAID_ONLY } from './split-tender.ts'

type Deps = Readonly<{ methods: Methods; prepaid: Prepaid }>

/**
 * Looks at how an order is to be paid before anything is held for it, so that a shopper hears of a
 * wrong code at once. What is looked at is not held: the charge has the last word.
 */
export function makeCheck({ methods, prepaid }: Deps): PaymentsApi['check'] {
  return async ({ method, country, amount, giftCards = [], storeCreditOf }) => {
    await methods.check({ method, country, amount })
    let prepaidAmount = 0
    const seen = new Set<string>()
    for (const code of giftCards) {
      const card = await prepaid.findCard({ code })
      const detail = `Its currency is ${card.currency}`
      if (card.currency !== amount.currency) {
        throw paymentsProblem('payments.gift_card_unusable', { detail })
      }
      if (!seen.has(card.id)) prepaidAmount += card.balance
      seen.add(card.id)
    }
    if (method !== PREPAID_ONLY) return
    if (storeCreditOf !== undefined) {
      const { currency } = amount
      const credit = await prepaid.findCredit({ customerId: storeCreditOf, currency })
      prepaidAmount += credit?.balance ?? 0
    }
    if (prepaidAmount < amount.amount) throw paymentsProblem('payments.prepaid_too_little')
  }
}
