import { z } from 'zod'
import { Currency, Money } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'

/** What the screening looks at, and which numbers each rule is given besides its score. */
export const FRAUD_RULES = {
  order_frequency: {
    about: 'More than `threshold` orders by one account or e-mail address in the window',
    needs: ['threshold', 'windowMinutes'],
  },
  address_velocity: {
    about: 'More than `threshold` orders to one address in the window',
    needs: ['threshold', 'windowMinutes'],
  },
  device_velocity: {
    about: 'More than `threshold` orders from one device in the window',
    needs: ['threshold', 'windowMinutes'],
  },
  network_velocity: {
    about: 'More than `threshold` orders from one network (IPv4 /24, IPv6 /64) in the window',
    needs: ['threshold', 'windowMinutes'],
  },
  declined_payments: {
    about: 'More than `threshold` declined payments of the buyer, device or network in the window',
    needs: ['threshold', 'windowMinutes'],
  },
  amount_against_history: {
    about: 'More than `threshold` per cent of what the buyer spends on average',
    needs: ['threshold'],
  },
  first_order_amount: {
    about: "A buyer's first order of at least this amount of its currency",
    needs: ['amounts'],
  },
  address_mismatch: {
    about: 'Billed to another address of the same country',
    needs: [],
  },
  country_mismatch: { about: 'Billed to another country', needs: [] },
  new_country: { about: 'A known buyer ships to a country for the first time', needs: [] },
  new_device: { about: 'A known buyer orders from a device for the first time', needs: [] },
  earlier_disputes: {
    about: 'At least `threshold` disputed payments of the buyer',
    needs: ['threshold'],
  },
  provider_risk: {
    about: "The payment provider's risk score (0 to 100) is at least `threshold`",
    needs: ['threshold'],
  },
} as const satisfies Record<
  string,
  { about: string; needs: readonly ('threshold' | 'windowMinutes' | 'amounts')[] }
>

export type FraudRuleCode = keyof typeof FRAUD_RULES
const RULE_CODES = Object.keys(FRAUD_RULES) as [FraudRuleCode, ...FraudRuleCode[]]

/** Counters are kept for a day. */
const MAX_WINDOW_MINUTES = 24 * 60

export const FraudRule = z
  .strictObject({
    code: z.enum(RULE_CODES),
    enabled: z.boolean(),
    score: z.int().min(1).max(1000).describe('What it adds when it holds'),
    threshold: z.int().min(0).max(1_000_000).optional(),
    windowMinutes: z.int().min(10).max(MAX_WINDOW_MINUTES).optional(),
    amounts: z
      .record(Currency, z.int().min(0))
      .optional()
      .describe('Minor units by currency; a currency that is missing is not looked at'),
  })
  .superRefine((rule, context) => {
    for (const name of FRAUD_RULES[rule.code].needs) {
      if (rule[name] !== undefined) continue
      context.addIssue({ code: 'custom', path: [name], message: `is needed by ${rule.code}` })
    }
  })
  .meta({ id: 'FraudRule' })
export type FraudRule = Readonly<z.infer<typeof FraudRule>>

export const FraudRuleSetInput = z
  .strictObject({
    mode: z
      .enum(['enforce', 'observe'])
      .describe('`observe` keeps what would have been decided and lets every order pass'),
    reviewAt: z.int().min(1).max(10_000).describe('Held for an operator from this score on'),
    denyAt: z.int().min(1).max(10_000).describe('Denied from this score on'),
    rules: z
      .array(FraudRule)
      .max(RULE_CODES.length)
      .refine((rules) => new Set(rules.map(({ code }) => code)).size === rules.length, {
        message: 'names a rule once',
      }),
    note: z.string().max(500).default('').describe('Why it was changed'),
  })
  .refine(({ reviewAt, denyAt }) => reviewAt <= denyAt, {
    path: ['denyAt'],
    message: 'is not below reviewAt',
  })

export const FraudRuleSet = z
  .strictObject({
    version: z.int(),
    mode: z.enum(['enforce', 'observe']),
    reviewAt: z.int(),
    denyAt: z.int(),
    rules: z.array(FraudRule),
    note: z.string(),
    createdBy: z.string(),
    createdAt: Timestamp.nullable().describe('Null: the rules that the shop came with'),
  })
  .meta({ id: 'FraudRuleSet' })
export type FraudRuleSet = Readonly<z.infer<typeof FraudRuleSet>>

export const FRAUD_DECISIONS = ['allow', 'review', 'deny'] as const
export const REVIEW_STATES = ['open', 'approved', 'rejected'] as const

/** One thing that spoke against an order, or for it. */
export const FraudReason = z
  .strictObject({
    rule: z.enum([...RULE_CODES, 'deny_list', 'allow_list']),
    score: z.int(),
    subject: z.string().optional().describe('What it was seen of: email, device, network, …'),
    value: z.number().optional().describe('What was seen'),
    threshold: z.number().optional().describe('What the rule allows'),
  })
  .meta({ id: 'FraudReason' })
export type FraudReason = Readonly<z.infer<typeof FraudReason>>

export const FraudScreening = z
  .strictObject({
    orderId: z.string(),
    decision: z.enum(FRAUD_DECISIONS),
    enforced: z.boolean().describe('False for one that was only observed'),
    score: z.int(),
    reasons: z.array(FraudReason),
    rulesVersion: z.int(),
    total: Money,
    country: z.string(),
    reviewState: z.enum(REVIEW_STATES).nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'FraudScreening' })
export type FraudScreening = Readonly<z.infer<typeof FraudScreening>>

export const FraudNote = z
  .strictObject({ author: z.string(), text: z.string(), at: Timestamp })
  .meta({ id: 'FraudNote' })
export type FraudNote = Readonly<z.infer<typeof FraudNote>>

export const LISTED_KINDS = ['customer', 'email', 'network', 'device', 'address'] as const

/** An entry of the allow or deny list. What it names is kept as a keyed hash only. */
export const FraudListEntry = z
  .strictObject({
    id: z.string(),
    list: z.enum(['allow', 'deny']),
    kind: z.enum(LISTED_KINDS),
    reason: z.string(),
    expiresAt: Timestamp.nullable(),
    createdBy: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'FraudListEntry' })
export type FraudListEntry = Readonly<z.infer<typeof FraudListEntry>>

export const PurchaseLimit = z
  .strictObject({
    productId: z.string(),
    maxUnits: z.int().min(1).max(100_000).describe('Of the product, for one account or e-mail'),
    windowDays: z.int().min(1).max(3650).nullable().describe('Null: for ever'),
  })
  .meta({ id: 'PurchaseLimit' })
export type PurchaseLimit = Readonly<z.infer<typeof PurchaseLimit>>
