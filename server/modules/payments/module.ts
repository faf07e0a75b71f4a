import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { PaymentsApi } from './api.ts'
import { createAudit } from './audit.ts'
import { makeAsk } from './flows/ask.ts'
import { makeCancel } from './flows/cancel.ts'
import { makeCharge } from './flows/charge.ts'
import { makeRefunds } from './flows/refund.ts'
import { makeReceiveWebhook } from './flows/webhook.ts'
import { paymentsTickers } from './jobs.ts'
import { createLedgerRepository } from './ledger-repository.ts'
import type { PaymentProvider } from './provider.ts'
import { createRecorder } from './recorder.ts'
import { paymentsBindings } from './routes.ts'
import { createSales } from './sales.ts'
import { createPaymentsService } from './service.ts'

export type PaymentsDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  /** The first that takes a method gets its payments; webhooks go to the one they name. */
  providers: readonly PaymentProvider[]
  /** Take the money at once (the default), or authorise it and capture later. */
  captureAtOnce?: boolean
}>

/** Payments: attempts, refunds, webhooks and the ledger. */
export function createPayments(deps: PaymentsDeps): ModuleParts<PaymentsApi> {
  const { db, outbox, ids, clock, log, captureAtOnce = true } = deps
  const providers = new Map(deps.providers.map((provider) => [provider.name, provider]))
  const provider = (name: string): PaymentProvider => {
    const found = providers.get(name)
    if (!found) throw new Error(`No payment provider is named ${name}`)
    return found
  }
  const providerFor = (method: string): PaymentProvider => {
    const found = deps.providers.find(({ methods }) => methods.includes(method))
    if (!found) {
      throw paymentsProblem('payments.provider_unavailable', {
        detail: `No payment provider takes ${method}`,
      })
    }
    return found
  }
  const ledger = createLedgerRepository({ db, ids, clock })
  const recorder = createRecorder({ db, outbox, clock, log, ledger })
  const ask = makeAsk({ db, clock, log, recorder, provider })
  const sales = createSales({ db, ledger })
  const refunds = makeRefunds({ db, outbox, ids, clock, log, ledger, sales, provider })
  const service = createPaymentsService({ db, clock, ask, refunds })
  const receive = makeReceiveWebhook({ clock, log, providers, recorder, refunds })
  const { getByOrder, resolve, refund } = service
  return {
    api: {
      charge: makeCharge({ db, ids, clock, recorder, ask, providerFor, captureAtOnce }),
      getByOrder,
      resolve,
      cancel: makeCancel({ db, log, recorder, ask, refunds, provider }),
      refund,
      recordSale: sales.recordSale,
      audit: createAudit({ db, clock, provider }),
    },
    routes: paymentsBindings({ receive }),
    consumers: [],
    tickers: paymentsTickers(service),
    jobs: [],
  }
}
