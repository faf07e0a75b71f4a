import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import {
  capturePayment,
  changeGiftCard,
  getGiftCard,
  getGiftCardBalance,
  getOrderMoney,
  issueGiftCards,
  listDisputes,
  listLedgerBalances,
  listPaymentMethodRules,
  listPaymentMethods,
  listStoreCredit,
  moveStoreCredit,
  receiveTransfer,
  receiveWebhook,
  recordPayout,
  setPaymentMethodRule,
  settleRefund,
} from '#contracts/payments/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { Throttle, ThrottlePolicy } from '../../platform/throttle.ts'
import type { Books } from './books.ts'
import type { Captures } from './flows/capture.ts'
import type { WebhookInput } from './flows/webhook.ts'
import type { Methods } from './methods.ts'
import type { Prepaid } from './prepaid.ts'
import type { PrepaidAccount } from './prepaid-repository.ts'
import type { PaymentsService } from './service.ts'

type Deps = Readonly<{
  receive(input: WebhookInput): Promise<void>
  methods: Methods
  prepaid: Prepaid
  captures: Captures
  books: Books
  service: PaymentsService
  throttle: Throttle
}>

const PAGE = 50

/** Codes have 80 bits: nobody guesses one. This is so that nobody tries at our expense. */
const LOOK_UPS: ThrottlePolicy = {
  free: 10,
  firstWaitMs: 2_000,
  longestWaitMs: 60 * 60_000,
  forgetMs: 60 * 60_000,
}

export function paymentsBindings(deps: Deps): Binding[] {
  return [...shopBindings(deps), ...prepaidBindings(deps), ...moneyBindings(deps)]
}

function shopBindings({ receive, methods, prepaid, throttle }: Deps): Binding[] {
  return [
    bind(receiveWebhook, async ({ params }, { headers, rawBody }) => {
      await receive({ provider: params.provider, headers, rawBody })
      return { status: 200, body: { received: true as const } }
    }),
    bind(listPaymentMethods, async ({ query: { country, currency, amount } }) => {
      const items = await methods.list({ country, amount: money(amount, currency) })
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(getGiftCardBalance, async ({ body }, { remoteAddress }) => {
      const asker = `gift card ${remoteAddress}`
      const waitMs = await throttle.take(asker, LOOK_UPS)
      if (waitMs > 0) {
        throw generalProblem('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) })
      }
      const { balance, currency, last4, expiresAt } = await prepaid.findCard(body)
      await throttle.forget(asker)
      const shown = { balance: money(balance, currency), last4: last4 ?? '', expiresAt }
      return { status: 200, body: shown }
    }),
    bind(listStoreCredit, async (_, { actor }) => {
      const customerId = actor.kind === 'customer' ? actor.id : ''
      const accounts = await prepaid.listCredit({ customerId })
      const items = accounts.map(({ balance, currency }) => money(balance, currency))
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(listPaymentMethodRules, async () => ({
      status: 200,
      body: { items: await methods.listRules(), nextCursor: null },
    })),
    bind(setPaymentMethodRule, async ({ body }) => {
      await methods.setRule(body)
      return { status: 200, body }
    }),
  ]
}

function prepaidBindings({ prepaid }: Deps): Binding[] {
  return [
    bind(issueGiftCards, async ({ body: { reason, ...body } }) => {
      const cards = await prepaid.issueCards({ ...body, sold: reason === 'sold' })
      const items = cards.map(({ account, code }) => ({ ...toCard(account), code }))
      return { status: 201, body: { items } }
    }),
    bind(getGiftCard, async ({ params }) => {
      const { account, entries } = await prepaid.getCard({ id: params.giftCardId })
      const shown = entries.map(({ key: _, amount, ...entry }) => ({
        ...entry,
        amount: money(amount, account.currency),
      }))
      return { status: 200, body: { ...toCard(account), entries: shown } }
    }),
    bind(changeGiftCard, async ({ params, body }) => {
      const account = await prepaid.setCardDisabled({ id: params.giftCardId, ...body })
      return { status: 200, body: toCard(account) }
    }),
    bind(moveStoreCredit, async ({ params, body }) => {
      const { balance, currency } = await prepaid.moveCredit({ ...params, ...body })
      return { status: 201, body: { balance: money(balance, currency) } }
    }),
  ]
}

function moneyBindings({ captures, books, service }: Deps): Binding[] {
  return [
    bind(capturePayment, async ({ params, body }) => {
      const payment = await captures.capture({ ...params, ...body })
      return { status: 200, body: payment.shown }
    }),
    bind(receiveTransfer, async ({ body }) => {
      const { orderId, shown } = await captures.receiveTransfer(body)
      return { status: 200, body: { orderId, payment: shown } }
    }),
    bind(settleRefund, async ({ params, body }) => {
      const payment = await service.settleRefund({ ...params, ...body })
      return { status: 200, body: payment.shown }
    }),
    bind(getOrderMoney, async ({ params }) => ({
      status: 200,
      body: await books.ofOrder(params),
    })),
    bind(listDisputes, async ({ query: { state = null, cursor = null, limit = PAGE } }) => ({
      status: 200,
      body: await books.disputes({ state, cursor, limit }),
    })),
    bind(listLedgerBalances, async ({ query: { cursor = null, limit = PAGE, ...query } }) => ({
      status: 200,
      body: await books.balances({ ...query, cursor, limit }),
    })),
    bind(recordPayout, async ({ params, body }) => ({
      status: 201,
      body: await books.payOut({ ...params, ...body }),
    })),
  ]
}

function toCard(account: PrepaidAccount) {
  const { id, last4, currency, disabled, expiresAt, reference, createdAt } = account
  return {
    id,
    last4: last4 ?? '',
    balance: money(account.balance, currency),
    issued: money(account.issued, currency),
    disabled,
    expiresAt,
    reference,
    createdAt,
  }
}
