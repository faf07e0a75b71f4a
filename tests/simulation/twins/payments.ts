import { UNTOUCHED } from '../../../server/modules/payments/model.ts'
import { fromJson, type Twins, unnest } from '../memory/database.ts'
import { refusal, type Table, type Transaction } from '../memory/engine.ts'
import {
  type AttemptRow,
  type HappeningRow,
  type JournalRow,
  type PaymentRefundRow,
  postingsOf,
  type Tables,
} from './tables.ts'

function showAttempt({ askAt: _, ...row }: AttemptRow) {
  return row
}

function showRefund({ askAt: _, asks: __, ...row }: PaymentRefundRow) {
  return row
}

const attemptsOf = (t: Tables, tx: Transaction, orderIds: unknown) => {
  const wanted = new Set(orderIds as string[])
  return t.attempts.list(tx, ({ orderId }) => wanted.has(orderId))
}

const keyOfAttempt = (orderId: unknown, attempt: unknown) =>
  `${orderId} ${String(attempt).padStart(9, '0')}`

/** Rows whose time to be asked about has come, each put off; rows that a rival holds are skipped. */
function askAgain<Row extends Readonly<{ askAt: string | null; asks: number }>>(
  table: Table<Row>,
  tx: Transaction,
  [now, limit]: readonly unknown[],
): Row[] {
  return table
    .list(tx, ({ askAt }) => askAt !== null && askAt <= (now as string))
    .sort((a, b) => ((a.askAt as string) < (b.askAt as string) ? -1 : 1))
    .filter((row) => !table.isLocked(tx, table.keyOf(row)))
    .slice(0, limit as number)
    .map((row) => {
      const seconds = Math.min(300, 2 * 2 ** Math.min(row.asks, 10))
      const askAt = new Date(Date.parse(now as string) + seconds * 1_000).toISOString()
      const change = { askAt, asks: row.asks + 1 } as Partial<Row>
      return table.update(tx, table.keyOf(row), change)
    })
}

type NewAttempt = Pick<
  AttemptRow,
  | 'shard'
  | 'orderId'
  | 'attempt'
  | 'id'
  | 'provider'
  | 'providerKey'
  | 'method'
  | 'currency'
  | 'amount'
>

const happeningRows = (v: readonly unknown[]) =>
  unnest<HappeningRow>(v.slice(0, 7), [
    'shard',
    'provider',
    'ref',
    'type',
    'orderId',
    'attempt',
    'amount',
  ])

const attempts: Twins<Tables> = {
  'payments.insert_attempts': ({ t, tx, v }) =>
    unnest<NewAttempt>(v.slice(0, 9), [
      'shard',
      'orderId',
      'attempt',
      'id',
      'provider',
      'providerKey',
      'method',
      'currency',
      'amount',
    ])
      .filter((row) =>
        t.attempts.insert(tx, {
          ...row,
          ...UNTOUCHED,
          state: row.amount === 0 ? 'captured' : 'unknown',
          createdAt: v[10] as string,
          askAt: row.amount === 0 ? null : (v[9] as string),
        }),
      )
      .map(({ orderId, attempt }) => ({ order_id: orderId, attempt })),
  'payments.lock_attempts': ({ t, tx, v }) =>
    attemptsOf(t, tx, v[1]).flatMap((row) => {
      const locked = t.attempts.lock(tx, t.attempts.keyOf(row))
      return locked ? [showAttempt(locked)] : []
    }),
  'payments.select_attempts': ({ t, tx, v }) => attemptsOf(t, tx, v[1]).map(showAttempt),
  'payments.insert_events': ({ t, tx, v }) =>
    happeningRows(v)
      .filter((row) => t.happenings.insert(tx, row))
      .map(({ ref, type, orderId }) => ({ provider_ref: ref, type, order_id: orderId })),
  'payments.insert_first_events': ({ t, tx, v }) => {
    for (const row of happeningRows(v)) {
      if (!t.happenings.insert(tx, row)) throw refusal('23505', 'a happening was kept before')
    }
    return []
  },
  'payments.update_attempts': ({ t, tx, v }) => {
    type Change = AttemptRow & { card: string | null }
    const changes = unnest<Change>(
      [...v.slice(0, 14), v[15], v[16]],
      [
        'shard',
        'orderId',
        'attempt',
        'providerRef',
        'authorized',
        'captured',
        'voided',
        'refunded',
        'state',
        'declineCode',
        'redirectUrl',
        'card',
        'riskScore',
        'askAt',
        'disputed',
        'payBefore',
      ],
    )
    for (const { shard: _, orderId, attempt, card, ...change } of changes) {
      const key = keyOfAttempt(orderId, attempt)
      const row = t.attempts.lock(tx, key)
      if (!row) continue
      t.attempts.update(tx, key, {
        ...change,
        providerRef: change.providerRef ?? row.providerRef,
        card: card === null ? row.card : fromJson(card),
        riskScore: change.riskScore ?? row.riskScore,
        payBefore: change.payBefore ?? row.payBefore,
      })
    }
    return []
  },
  'payments.claim_unknown': ({ t, tx, v }) => askAgain(t.attempts, tx, v).map(showAttempt),
  'payments.fail_unknown': ({ t, tx, v }) => {
    const key = keyOfAttempt(v[1], v[2])
    if (t.attempts.lock(tx, key)?.state !== 'unknown') return []
    const change = { state: 'failed', declineCode: v[3] as string, askAt: null } as const
    return [{ order_id: t.attempts.update(tx, key, change).orderId }]
  },
  'payments.list_method_rules': () => [],
  'payments.select_tenders': () => [],
}

const refunds: Twins<Tables> = {
  'payments.claim_refund_amount': ({ t, tx, v }) => {
    const amount = v[3] as number
    const row = t.attempts.lock(tx, keyOfAttempt(v[1], v[2]))
    if (!row || row.captured - row.refunded - row.refundClaimed - row.disputed < amount) return []
    const refundClaimed = row.refundClaimed + amount
    return [{ id: t.attempts.update(tx, t.attempts.keyOf(row), { refundClaimed }).id }]
  },
  'payments.release_refund_amount': ({ t, tx, v }) => {
    const amount = v[3] as number
    const row = t.attempts.lock(tx, keyOfAttempt(v[1], v[2]))
    if (!row || row.refundClaimed < amount) return []
    const refundClaimed = row.refundClaimed - amount
    return [{ id: t.attempts.update(tx, t.attempts.keyOf(row), { refundClaimed }).id }]
  },
  'payments.insert_refund': ({ t, tx, v }) => {
    const row = {
      shard: v[0],
      orderId: v[1],
      key: v[2],
      id: v[3],
      attempt: v[4],
      currency: v[5],
      amount: v[6],
      reason: v[7],
      state: v[8],
      providerRef: v[9],
      askAt: v[10],
      createdAt: v[11],
      tenderAmount: v[12],
      splits: v[13] === null ? null : fromJson(v[13]),
      creditAmount: v[14],
      asks: 0,
    } as PaymentRefundRow
    return t.refunds.insert(tx, row) ? [{ id: row.id }] : []
  },
  'payments.select_refunds': ({ t, tx, v }) =>
    t.refunds
      .list(tx, ({ orderId }) => orderId === v[1])
      .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1))
      .map(showRefund),
  'payments.settle_refund': ({ t, tx, v }) => {
    const [, orderId, key, state, providerRef] = v as string[]
    const row = t.refunds.lock(tx, `${orderId} ${key}`)
    const open = row?.state === 'sent' || (row?.state === 'pending' && state !== 'pending')
    if (!row || !open) return []
    const change = { state, providerRef, askAt: null } as Partial<PaymentRefundRow>
    return [{ id: t.refunds.update(tx, t.refunds.keyOf(row), change).id }]
  },
  'payments.claim_sent_refunds': ({ t, tx, v }) => askAgain(t.refunds, tx, v).map(showRefund),
}

const journalRows = (v: readonly unknown[]) =>
  unnest<JournalRow>(v.slice(0, 10), [
    'shard',
    'id',
    'orderId',
    'sourceType',
    'sourceId',
    'kind',
    'currency',
    'accounts',
    'purposes',
    'amounts',
  ])

const ledger: Twins<Tables> = {
  'payments.insert_accounts': ({ t, tx, v }) => {
    const accounts = unnest<{ id: string; kind: string; owner: string; currency: string }>(v, [
      'id',
      'kind',
      'owner',
      'currency',
    ])
    for (const account of accounts.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      t.accounts.insert(tx, account)
    }
    return []
  },
  'payments.insert_journals': ({ t, tx, v }) =>
    journalRows(v)
      .filter((row) => t.journals.insert(tx, row))
      .map(({ id }) => ({ id })),
  'payments.insert_sales': ({ t, tx, v }) => {
    const locked = attemptsOf(t, tx, v[2]).flatMap(
      (row) => t.attempts.lock(tx, t.attempts.keyOf(row)) ?? [],
    )
    const refunded = new Set(
      locked
        .filter((row) => row.refunded + row.credited + row.tenderRefunded > 0)
        .map(({ orderId }) => orderId),
    )
    for (const row of journalRows(v)) if (!refunded.has(row.orderId)) t.journals.insert(tx, row)
    return [...refunded].map((order_id) => ({ order_id }))
  },
  'payments.select_sale_parts': ({ t, tx, v }) => {
    const journals = t.journals.list(
      tx,
      ({ orderId, kind }) => orderId === v[1] && (kind === 'sale' || kind === 'sale_reversal'),
    )
    const parts = new Map<string, { balance: number }>()
    for (const { account: id, purpose, amount } of journals.flatMap(postingsOf)) {
      const account = t.accounts.find(tx, id)
      if (!account) continue
      const { kind, owner } = account
      const name = `${kind} ${owner} ${purpose}`
      const part = parts.get(name) ?? {
        order_id: v[1],
        account: kind,
        owner,
        purpose,
        balance: 0,
      }
      part.balance += amount
      parts.set(name, part)
    }
    return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
  },
  'payments.select_unreversed_refunds': ({ t, tx, v }) =>
    t.refunds
      .list(tx, (r) => r.orderId === v[1])
      .filter(
        (r) =>
          (r.state === 'succeeded' || (r.state === 'failed' && r.tenderAmount > 0)) &&
          !t.journals.find(tx, `${v[1]} refund ${r.id} sale_reversal`),
      )
      .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1))
      .map(({ id, splits, state, amount, tenderAmount, creditAmount }) => ({
        id,
        splits,
        amount: (state === 'succeeded' ? amount : 0) + tenderAmount + creditAmount,
      })),
}

export const paymentTwins: Twins<Tables> = { ...attempts, ...refunds, ...ledger }
