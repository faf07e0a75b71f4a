import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import { createLocalThrottle, type Throttle } from '../../platform/throttle.ts'
import type { Vault } from '../../platform/vault.ts'
import type { PaymentsApi } from './api.ts'
import { createAudit } from './audit.ts'
import { createBooks } from './books.ts'
import { createStoreCredit } from './credit.ts'
import { makeAsk } from './flows/ask.ts'
import { makeCancel } from './flows/cancel.ts'
import { makeCaptures } from './flows/capture.ts'
import { makeCharge } from './flows/charge.ts'
import { makeCheck } from './flows/check.ts'
import { makeComplete } from './flows/complete.ts'
import { makeFollowDispute } from './flows/dispute.ts'
import { makeRefunds } from './flows/refund.ts'
import { makePrepareSplit } from './flows/split-tender.ts'
import { makeReceiveWebhook } from './flows/webhook.ts'
import { paymentsTickers } from './jobs.ts'
import { createLedgerRepository } from './ledger-repository.ts'
import { createMethods } from './methods.ts'
import { createOrderData, createPersonalData } from './personal-data.ts'
import { createPrepaid } from './prepaid.ts'
import type { PaymentProvider } from './provider.ts'
import { createBankTransfer, createCashOnDelivery, PREPAID_PROVIDER } from './providers/by-hand.ts'
import { createRecorder } from './recorder.ts'
import { paymentsBindings } from './routes.ts'
import { createSales } from './sales.ts'
import { createPaymentsService } from './service.ts'
import { createTenders } from './tenders.ts'
import { type BankAccount, withAccount } from './transfer-account.ts'

const TRANSFER_DAYS = 7

export type PaymentsDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  /** The first that takes a method gets its payments; webhooks go to the one they name. */
  providers: readonly PaymentProvider[]
  /** Seals and derives secrets; gift cards' codes follow from it. */
  vault: Vault
  /** Slows down who tries codes of gift cards. */
  throttle?: Throttle
  /** Methods by which people count the money themselves; none is offered if absent. */
  byHand?: Readonly<{
    cashOnDelivery?: boolean
    bankTransfer?: BankAccount & Readonly<{ days?: number }>
  }>
  /** Take the money at once (the default), or authorise it and capture later. */
  captureAtOnce?: boolean
}>

/** Payments: attempts, tenders, refunds, disputes, webhooks and the ledger. */
export function createPayments(deps: PaymentsDeps): ModuleParts<PaymentsApi> {
  const { db, clock, captureAtOnce = true, throttle = createLocalThrottle(clock) } = deps
  const transferDays = deps.byHand?.bankTransfer?.days ?? TRANSFER_DAYS
  const byHand = providersByHand(deps, transferDays)
  const all = [...deps.providers, ...byHand.known, PREPAID_PROVIDER]
  const offered = [...deps.providers, ...byHand.offered]
  const { providers, provider, providerFor } = indexProviders(all)
  const ledger = createLedgerRepository(deps)
  const recorder = createRecorder({ ...deps, ledger })
  const complete = makeComplete({ db, provider })
  const ask = makeAsk({ ...deps, recorder, complete, provider })
  const sales = createSales({ db, ledger })
  const prepaid = createPrepaid({ ...deps, ledger })
  const tenders = createTenders({ clock, ledger })
  const credit = createStoreCredit({ ...deps, ledger })
  const refunds = makeRefunds({ ...deps, ledger, sales, tenders, credit, provider })
  const service = createPaymentsService({ db, clock, ask, refunds, provider })
  const methods = createMethods({ db, clock, providers: offered, transferDays })
  const captures = makeCaptures({ db, recorder, ask, provider })
  const followDispute = makeFollowDispute({ ...deps, ledger, sales })
  const receive = makeReceiveWebhook({
    ...deps,
    providers,
    recorder,
    refunds,
    followDispute,
    complete,
  })
  const prepareSplit = makePrepareSplit({ ...deps, prepaid, tenders, providerFor })
  const books = createBooks({ db, ledger })
  const { getByOrder, resolve, refund } = service
  const api: PaymentsApi = {
    charge: makeCharge({ ...deps, recorder, ask, providerFor, prepareSplit, captureAtOnce }),
    check: makeCheck({ methods, prepaid }),
    getByOrder,
    resolve,
    cancel: makeCancel({ ...deps, recorder, ask, refunds, provider }),
    capture: captures.capture,
    void: captures.void,
    refund,
    windowMs: ({ method }) => methods.windowMs(method),
    recordSale: sales.recordSale,
    audit: createAudit({ db, clock, providers }),
  }
  return {
    api: withAccount(api, deps.byHand?.bankTransfer),
    personalData: createPersonalData(db),
    orderData: createOrderData(db),
    routes: paymentsBindings({ receive, methods, prepaid, captures, books, service, throttle }),
    consumers: [],
    tickers: paymentsTickers(service),
    jobs: [],
  }
}

/** Orders that were paid by hand stay known when the method is no longer offered. */
function providersByHand({ byHand, clock }: PaymentsDeps, days: number) {
  const [transfer, cash] = [createBankTransfer({ clock, days }), createCashOnDelivery()]
  const offered = [
    ...(byHand?.bankTransfer ? [transfer] : []),
    ...(byHand?.cashOnDelivery ? [cash] : []),
  ]
  return { known: [transfer, cash], offered }
}

/** The first that takes a method gets its payments; a name leads to one. */
function indexProviders(all: readonly PaymentProvider[]) {
  const providers = new Map(all.map((provider) => [provider.name, provider]))
  return {
    providers,
    provider(name: string): PaymentProvider {
      const found = providers.get(name)
      if (!found) throw new Error(`No payment provider is named ${name}`)
      return found
    },
    providerFor(method: string): PaymentProvider {
      const found = all.find(({ methods }) => methods.includes(method))
      if (found) return found
      const detail = `No payment provider takes ${method}`
      throw paymentsProblem('payments.provider_unavailable', { detail })
    },
  }
}
