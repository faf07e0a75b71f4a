import { type Money, money } from '#contracts/kit/money.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { PAYMENT_METHODS, PaymentMethodRule } from '#contracts/payments/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { PREPAID_ONLY } from './flows/split-tender.ts'
import type { PaymentProvider } from './provider.ts'

export type Method = (typeof PAYMENT_METHODS)[number]

const NAMES: Readonly<Record<Method, string>> = {
  card: 'Card',
  paypal: 'PayPal',
  bank_transfer: 'Bank transfer, paid in advance',
  cash_on_delivery: 'Cash on delivery',
  prepaid: 'Gift cards and store credit',
}

/** Rules are few and change seldom; a change counts everywhere within this time. */
const RULES_LAST_MS = 5_000
const DAY_MS = 24 * 60 * 60_000

const selectRules = statement<{
  method: Method
  country: string
  currency: string
  enabled: boolean
  min_amount: number | null
  max_amount: number | null
}>(
  'payments.list_method_rules',
  `select method, country, currency, enabled, min_amount, max_amount from payments.method_rules
   order by method, country, currency`,
)

const upsertRule = statement(
  'payments.set_method_rule',
  `insert into payments.method_rules
     (method, country, currency, enabled, min_amount, max_amount, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (method, country, currency) do update
     set enabled = excluded.enabled, min_amount = excluded.min_amount,
         max_amount = excluded.max_amount, updated_at = excluded.updated_at`,
)

export type Offered = Readonly<{
  method: Method
  name: string
  provider: string
  minAmount?: Money
  maxAmount?: Money
  daysToPay?: number
}>

export type Methods = Readonly<{
  /** What is offered for an order of this amount there. */
  list(input: { country: string; amount: Money }): Promise<Offered[]>
  /** @throws payments.method_not_offered */
  check(input: { method: string; country: string; amount: Money }): Promise<void>
  listRules(): Promise<PaymentMethodRule[]>
  setRule(rule: PaymentMethodRule): Promise<void>
  /** How long the money may come after the order; null: as long as any payment may take. */
  windowMs(method: string): number | null
}>

type Deps = Readonly<{
  db: Database
  clock: Clock
  providers: readonly PaymentProvider[]
  transferDays: number
}>

/** Which methods of payment the shop offers: those of its providers, as its rules allow. */
export function createMethods({ db, clock, providers, transferDays }: Deps): Methods {
  const methods = Object.keys(NAMES) as Method[]
  let kept: Readonly<{ rules: Promise<readonly PaymentMethodRule[]>; until: number }> | null = null

  const providerOf = (method: Method) =>
    method === PREPAID_ONLY
      ? 'shop'
      : providers.find((provider) => provider.methods.includes(method))?.name

  async function readRules(): Promise<readonly PaymentMethodRule[]> {
    return (await selectRules(db)).map(
      ({ method, country, currency, enabled, min_amount, max_amount }) => ({
        method,
        country,
        currency,
        enabled,
        ...(min_amount === null ? {} : { minAmount: min_amount }),
        ...(max_amount === null ? {} : { maxAmount: max_amount }),
      }),
    )
  }

  /** Who asks while they are read waits for the same answer. */
  function currentRules(): Promise<readonly PaymentMethodRule[]> {
    const now = clock.monotonicMs()
    if (kept && kept.until > now) return kept.rules
    const rules = readRules()
    const mine = { rules, until: now + RULES_LAST_MS }
    kept = mine
    rules.catch(() => {
      if (kept === mine) kept = null
    })
    return rules
  }

  function offer(
    method: Method,
    rule: PaymentMethodRule | undefined,
    amount: Money,
  ): Offered | undefined {
    const provider = providerOf(method)
    const { minAmount: min = 0, maxAmount: max = Number.MAX_SAFE_INTEGER } = rule ?? {}
    const fits = amount.amount >= min && amount.amount <= max
    if (!provider || rule?.enabled === false || !fits) return undefined
    const limit = (minor: number) => money(minor, amount.currency)
    return {
      method,
      name: NAMES[method],
      provider,
      ...(rule?.minAmount === undefined ? {} : { minAmount: limit(rule.minAmount) }),
      ...(rule?.maxAmount === undefined ? {} : { maxAmount: limit(rule.maxAmount) }),
      ...(method === 'bank_transfer' ? { daysToPay: transferDays } : {}),
    }
  }

  const list: Methods['list'] = async ({ country, amount }) => {
    const rules = await currentRules()
    return methods.flatMap((method) => {
      const found = offer(method, findRule(rules, { method, country, ...amount }), amount)
      return found ? [found] : []
    })
  }

  return {
    list,
    async check({ method, country, amount }) {
      const rule = findRule(await currentRules(), { method, country, ...amount })
      const known = methods.find((one) => one === method)
      if (known && offer(known, rule, amount)) return
      const offered = await list({ country, amount })
      throw paymentsProblem('payments.method_not_offered', {
        data: { method, offered: offered.map((one) => one.method) },
      })
    },
    listRules: async () => [...(await currentRules())],
    async setRule(rule) {
      const { method, country, currency, enabled, minAmount = null, maxAmount = null } = rule
      const now = clock.now().toISOString()
      await upsertRule(db, [method, country, currency, enabled, minAmount, maxAmount, now])
      kept = null
    },
    windowMs: (method) => (method === 'bank_transfer' ? transferDays * DAY_MS : null),
  }
}

/** The most particular rule: country and currency, country, currency, everywhere. */
function findRule(
  rules: readonly PaymentMethodRule[],
  wanted: Readonly<{ method: string; country: string; currency: string }>,
): PaymentMethodRule | undefined {
  const weight = (rule: PaymentMethodRule) =>
    (rule.country === '*' ? 0 : 2) + (rule.currency === '*' ? 0 : 1)
  return rules
    .filter(
      (rule) =>
        rule.method === wanted.method &&
        (rule.country === '*' || rule.country === wanted.country) &&
        (rule.currency === '*' || rule.currency === wanted.currency),
    )
    .sort((a, b) => weight(b) - weight(a))[0]
}
