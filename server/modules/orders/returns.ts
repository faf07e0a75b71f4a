import type { Money } from '#contracts/kit/money.ts'
import type { Return } from '#contracts/orders/returns.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { FinishReturn } from './flows/finish-return.ts'
import type { ResolveInput, ResolveReturn } from './flows/resolve-return.ts'
import type { ReturnCommand, ReturnGoods, ReturnRequest } from './flows/return-goods.ts'
import type { PlacedOrder } from './model.ts'
import type { LineUnits } from './refund.ts'
import { listRefunds } from './refund-repository.ts'
import { listPlaced } from './repository.ts'
import {
  inspectUnits,
  type ReturnLine,
  type ReturnRecord,
  type ReturnState,
  receiveUnits,
  refuseReturn,
  unrequestedUnits,
} from './return-model.ts'
import { listExpiredReturns, listReturnsIn, listReturnsOfOrder } from './return-repository.ts'
import { toReturn } from './return-view.ts'
import { LEASE_MS } from './settings.ts'

type Parcel = Readonly<{ carrier: string; trackingNumber: string }>
type Step<More = unknown> = (input: ReturnCommand & More) => Promise<Return>

export type ReturnsApi = Readonly<{
  /** @throws not_found, invalid_transition, orders.return_not_possible */
  request(input: ReturnRequest): Promise<Return>
  listOfOrder(input: { orderId: string }): Promise<Return[]>
  /** The oldest first, after a cursor. */
  listIn(input: {
    state: ReturnState
    after: string | null
    limit: number
  }): Promise<{ items: Return[]; nextCursor: string | null }>
  approve: Step<{ shippingPaidBy?: 'shop' | 'customer' | undefined }>
  decline: Step
  label: Step<Parcel & { labelUrl?: string | undefined; fee?: Money | undefined }>
  send: Step<Parcel>
  cancel: Step
  /** Lines that are not named did not come; all of it if none is named. */
  receive: Step<{ lines?: readonly LineUnits[] | undefined; warehouseId?: string | undefined }>
  inspect: Step<{
    lines: readonly Readonly<Pick<ReturnLine, 'lineId' | 'restocked' | 'damaged' | 'sentBack'>>[]
  }>
  /** @throws also inventory.insufficient_stock for an exchange, orders.refund_not_possible */
  resolve(input: ResolveInput): Promise<Return>
  /** Closes returns whose goods were not sent in time. @returns how many. */
  expire(): Promise<number>
}>

type Deps = Readonly<{
  db: Database
  clock: Clock
  goods: ReturnGoods
  finish: FinishReturn
  resolve: ResolveReturn
}>

/** How long goods may take to be sent, once they may come back. */
const SEND_WITHIN_MS = 30 * 24 * 60 * 60_000
const EXPIRED_AT_ONCE = 50

const after = (now: Date, ms: number) => new Date(now.getTime() + ms).toISOString()

/** Goods that come back (semantics 1g): each step of a return. */
export function createReturns(deps: Deps): ReturnsApi {
  const { db, clock, goods, finish, resolve } = deps

  async function show(records: readonly ReturnRecord[]): Promise<Return[]> {
    const orderIds = [...new Set(records.map(({ orderId }) => orderId))]
    const placed = new Map((await listPlaced(db, orderIds)).map((one) => [one.order.id, one]))
    return Promise.all(
      records.map(async (record) => {
        const refunds = record.refundKey === null ? [] : await listRefunds(db, record.orderId)
        const refund = refunds.find(({ key }) => key === record.refundKey)
        return toReturn(record, placed.get(record.orderId) as PlacedOrder, refund)
      }),
    )
  }

  async function showOne(record: ReturnRecord): Promise<Return> {
    return (await show([record]))[0] as Return
  }

  const close = (event: 'decline' | 'cancel' | 'expire') => async (command: ReturnCommand) =>
    showOne(
      await goods.move(command, event, ({ record }) => ({
        record: { expiresAt: null },
        units: unrequestedUnits(record.lines),
      })),
    )

  return {
    async request(input) {
      const id = await goods.request(input)
      const all = await listReturnsOfOrder(db, input.orderId)
      return showOne(all.find((record) => record.id === id) as ReturnRecord)
    },
    listOfOrder: async ({ orderId }) => show(await listReturnsOfOrder(db, orderId)),
    async listIn({ state, after: cursor, limit }) {
      const found = await listReturnsIn(db, { state, after: cursor, limit: limit + 1 })
      const items = await show(found.slice(0, limit))
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    approve: async ({ shippingPaidBy, ...command }) =>
      showOne(
        await goods.move(command, 'approve', ({ record, now }) => ({
          record: {
            shippingPaidBy: shippingPaidBy ?? record.shippingPaidBy,
            expiresAt: after(now, SEND_WITHIN_MS),
          },
        })),
      ),
    decline: close('decline'),
    cancel: close('cancel'),
    label: async ({ carrier, trackingNumber, labelUrl = null, fee, ...command }) =>
      showOne(
        await goods.move(command, 'label', ({ record, placed }) => {
          if (fee && fee.currency !== placed.order.currency) {
            throw refuseReturn(`The order is in ${placed.order.currency}`)
          }
          if (fee && record.shippingPaidBy === 'shop') throw refuseReturn('The shop pays the way')
          const labelFee = fee?.amount ?? 0
          return { record: { carrier, trackingNumber, labelUrl, labelFee } }
        }),
      ),
    send: async ({ carrier, trackingNumber, ...command }) =>
      showOne(
        await goods.move(command, 'send', () => ({
          record: { carrier, trackingNumber, expiresAt: null },
        })),
      ),
    receive: async ({ lines, warehouseId, ...command }) =>
      showOne(
        await goods.move(command, 'receive', ({ record }) =>
          receiveUnits(record, lines, warehouseId),
        ),
      ),
    async inspect({ lines, ...command }) {
      const record = await goods.move(command, 'inspect', ({ record: found, now }) =>
        inspectUnits(found, lines, after(now, LEASE_MS)),
      )
      await finish.complete(record)
      return showOne(record)
    },
    resolve: async (input) => showOne(await resolve(input)),
    async expire() {
      const now = clock.now().toISOString()
      const due = await listExpiredReturns(db, { now, limit: EXPIRED_AT_ONCE })
      for (const { orderId, id: returnId } of due) {
        await close('expire')({ key: 'expire', orderId, returnId, by: 'shop' })
      }
      return due.length
    },
  }
}
