import type { Address } from '#contracts/kit/address.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { Decision } from './model.ts'
import type { Traits } from './subjects.ts'

export type ScreenInput = Traits &
  Readonly<{ orderId: string; total: Money; billingAddress: Address }>

/** What becomes of an order: `hold` waits for an operator, who has not decided yet. */
export type Screened = Readonly<{ decision: Decision; hold: boolean }>

export type PurchaseInput = Readonly<
  Pick<Traits, 'customerId' | 'email'> & {
    orderId: string
    lines: readonly Readonly<{ productId: string; quantity: number }>[]
  }
>

export type FraudApi = Readonly<{
  /** Scores an order by the rules, and counts it; once per order, again gives the same answer. */
  screen(input: ScreenInput): Promise<Screened>
  /**
   * What is to be done with an order whose payment is there.
   * @param riskScore the provider's, 0 (fine) to 100 (fraud); null if it tells none.
   * @returns null for an order that was never screened.
   */
  assess(input: { orderId: string; riskScore: number | null }): Promise<Screened | null>
  /**
   * Counts the units of an order against its shopper's limits: all of them or none; once per order.
   * An order that is cancelled gives them back by itself.
   * @returns the limit that it would break, or null.
   */
  claimPurchase(
    input: PurchaseInput,
  ): Promise<Readonly<{ productId: string; maxUnits: number }> | null>
}>
