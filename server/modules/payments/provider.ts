import type { Money } from '#contracts/kit/money.ts'

/**
 * A payment as its provider tells it: the truth of that moment. Amounts in minor units of
 * `currency`. `processing`: taken in, not decided yet; `approved`: the
 * shopper has agreed, and the provider waits for our word to take it.
 */
export type ProviderPayment = Readonly<{
  ref: string
  /** Our order's id, as we gave it. */
  reference: string
  /** Which try of the order it was, if the provider gives our note back. */
  attempt: number | undefined
  status:
    | 'captured'
    | 'authorized'
    | 'failed'
    | 'requires_action'
    | 'approved'
    | 'processing'
    | 'voided'
  currency: string
  amount: number
  captured: number
  refunded: number
  declineCode?: string | undefined
  redirectUrl?: string | undefined
  card?: Readonly<{ brand: string; last4: string }> | undefined
  /** 0 (fine) to 100 (fraud), as the provider scores it. */
  riskScore?: number | undefined
  /** Until when the shopper may pay, if he does so elsewhere. */
  payBefore?: string | undefined
  /** What the provider made of it in its own account, once it says so. */
  settlement?: Settlement | undefined
}>

/** A capture as it reaches the shop's account at the provider: exchanged, less the fee. */
export type Settlement = Readonly<{
  ref: string
  currency: string
  /** Minor units of `currency`, before the fee. */
  gross: number
  fee: number
}>

export type ProviderRefund = Readonly<{
  ref: string
  paymentRef: string
  /** `pending`: taken in; a bank decides, and the provider tells later. */
  status: 'succeeded' | 'failed' | 'pending'
  amount: number
  failureCode?: string | undefined
}>

/** A shopper's bank takes money back, or gives it again. */
export type ProviderDispute = Readonly<{
  ref: string
  paymentRef: string
  status: 'open' | 'won' | 'lost'
  currency: string
  amount: number
  fee: number
  reason: string
}>

/** What a signed webhook says. */
export type ProviderNotice = Readonly<{
  eventId: string
  at: string
  payment: ProviderPayment
  refund?: ProviderRefund | undefined
  dispute?: ProviderDispute | undefined
}>

export type AuthorizeInput = Readonly<{
  /** Idempotency key at the provider. */
  key: string
  reference: string
  attempt: number
  amount: Money
  token: string | undefined
  /** Take the money at once, or only make sure of it. */
  capture: boolean
  returnUrl: string | undefined
}>

/** What we know of a payment that a command is about. */
export type KnownPayment = Readonly<{ reference: string; attempt: number; amount: Money }>

/**
 * A payment provider. Every command is idempotent by its key. A command throws `ProviderRefused`
 * when it certainly did nothing, and `ProviderSilent` when nobody knows.
 */
export type PaymentProvider = Readonly<{
  /** Lower-case letters: the name in the webhook's address. */
  name: string
  methods: readonly string[]
  /** Keeps no records of its own: ours are the only ones, and the audit has nothing to ask. */
  recordless?: boolean
  authorize(input: AuthorizeInput): Promise<ProviderPayment>
  capture(
    input: Readonly<{ key: string; ref: string; amount: Money; of: KnownPayment }>,
  ): Promise<ProviderPayment>
  void(input: Readonly<{ key: string; ref: string; of: KnownPayment }>): Promise<ProviderPayment>
  refund(
    input: Readonly<{ key: string; ref: string; amount: Money; reason: string }>,
  ): Promise<ProviderRefund>
  /** What became of a command: by its key, or of a payment that is known by its `ref`. */
  find(
    input: Readonly<{ reference: string; key: string; ref?: string | undefined }>,
  ): Promise<ProviderPayment | null>
  /**
   * What a message says; null if it is about nothing that matters here.
   * @throws payments.signature_invalid on a forged, old or unsigned message.
   */
  verifyWebhook(
    input: Readonly<{
      headers: Readonly<Record<string, string | string[] | undefined>>
      rawBody: string
      now: Date
    }>,
  ): Promise<ProviderNotice | null>
}>

/** The provider certainly did nothing: it said no, or was never reached. */
export class ProviderRefused extends Error {
  readonly code: string

  constructor(code: string) {
    super(`The payment provider refused: ${code}`)
    this.code = code
  }
}

/** Nobody knows what the provider did: its answer did not come, or was an error of its own. */
export class ProviderSilent extends Error {
  /** It did answer, by an error of its own: if it has no record then, it did nothing. */
  readonly answered: boolean

  constructor(message: string, answered = false) {
    super(message)
    this.answered = answered
  }
}
