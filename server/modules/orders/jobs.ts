import { Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Ticker } from '../../platform/module.ts'
import { listToShip } from './dispatch-repository.ts'
import type { FinishReturn } from './flows/finish-return.ts'
import type { GiveBack } from './flows/give-back.ts'
import type { ShipOrder } from './flows/ship-order.ts'
import { addMonthPartition, listPlaced } from './repository.ts'
import type { ReturnsApi } from './returns.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  resumeCheckouts(): Promise<number>
  shipOrder: ShipOrder
  giveBack: GiveBack
  finishReturn: FinishReturn
  returns: ReturnsApi
  /** Milliseconds after which the demo ships an order; null: nobody does. */
  demoShipAfterMs: number | null
}>

const MONTHS_AHEAD = 3
const DEMO_ROUND = 10
const DEMO_CARRIER = 'Stoa Demo Carrier'
/** An order that waits for goods stands in nobody's way for so long. */
const DEMO_PAUSE_MS = 60_000

export function ordersTickers(deps: Deps): Ticker[] {
  const { db, clock, resumeCheckouts, shipOrder, giveBack, returns, finishReturn } = deps
  const tickers: Ticker[] = [
    { name: 'orders.resume_checkouts', everyMs: 250, run: resumeCheckouts },
    { name: 'orders.resume_dispatches', everyMs: 5_000, run: shipOrder.resume },
    { name: 'orders.resume_refunds', everyMs: 5_000, run: giveBack.resume },
    { name: 'orders.resume_returns', everyMs: 5_000, run: finishReturn.resume },
    { name: 'orders.expire_returns', everyMs: 60_000, run: returns.expire },
    {
      name: 'orders.create_partitions',
      everyMs: 6 * 60 * 60_000,
      async run() {
        const now = clock.now()
        for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
          await addMonthPartition(
            db,
            new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)),
          )
        }
        return 0
      },
    },
  ]
  const { demoShipAfterMs } = deps
  if (demoShipAfterMs === null) return tickers
  const waiting = new Map<string, number>()
  const run = () => shipDemoOrders(deps, { afterMs: demoShipAfterMs, waiting })
  return [...tickers, { name: 'orders.demo_fulfilment', everyMs: 2_000, run }]
}

/** Plays the warehouse of a shop that is tried out, so that a shopper sees the parcel move. */
async function shipDemoOrders(
  { db, clock, log, shipOrder }: Deps,
  {
    afterMs,
    waiting,
  }: Readonly<{
    afterMs: number
    /** Orders that are not looked at until a time. */
    waiting: Map<string, number>
  }>,
): Promise<number> {
  const nowMs = clock.now().getTime()
  for (const [orderId, until] of waiting) if (until <= nowMs) waiting.delete(orderId)
  const openedBefore = new Date(nowMs - afterMs).toISOString()
  const open = await listToShip(db, { openedBefore, limit: DEMO_ROUND + waiting.size })
  const orderIds = open.filter((orderId) => !waiting.has(orderId)).slice(0, DEMO_ROUND)
  let shipped = 0
  for (const { order } of await listPlaced(db, orderIds)) {
    try {
      await shipOrder.ship({
        key: 'demo',
        orderId: order.id,
        carrier: DEMO_CARRIER,
        trackingNumber: `DEMO-${order.number}`,
      })
      shipped += 1
    } catch (error) {
      // Cancelled, or shipped by hand, a moment ago; or sold before it lay there.
      if (!(error instanceof Problem)) throw error
      waiting.set(order.id, nowMs + DEMO_PAUSE_MS)
      log.debug({ orderId: order.id, code: error.code }, 'the demo does not ship it')
    }
  }
  return shipped
}
