import type { Money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { type Ids, shardFor, shardOf } from '../../platform/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import { createStoreCredit } from './credit.ts'
import { codeOf, hashOfCode, normalizeCode } from './gift-code.ts'
import type { LedgerRepository } from './ledger-repository.ts'
import { issueJournal } from './money-journals.ts'
import {
  findByCode,
  findByReference,
  findPrepaid,
  findStoreCredit,
  insertNewPrepaid,
  listEntries,
  listStoreCredit,
  moveOnce,
  type PrepaidAccount,
  type PrepaidEntry,
  setDisabled,
} from './prepaid-repository.ts'

export type IssuedCard = Readonly<{ account: PrepaidAccount; code: string }>

export type Prepaid = Readonly<{
  /**
   * Issues gift cards. Their codes follow from the reference and the shop's key, so that a
   * repetition gives the same codes again and no code is kept anywhere.
   * @throws conflict if the reference was used for something else
   */
  issueCards(input: {
    reference: string
    count: number
    amount: Money
    sold: boolean
    expiresAt?: string | undefined
  }): Promise<IssuedCard[]>
  /** The card of a code, if it can be spent. @throws payments.gift_card_unusable */
  findCard(input: { code: string }): Promise<PrepaidAccount>
  /** @throws not_found */
  getCard(input: { id: string }): Promise<{ account: PrepaidAccount; entries: PrepaidEntry[] }>
  /** @throws not_found */
  setCardDisabled(input: { id: string; disabled: boolean }): Promise<PrepaidAccount>
  /** Gives a customer credit, or takes it back (below 0), once per reference.
   * @throws payments.prepaid_too_little */
  moveCredit(input: {
    customerId: string
    amount: Money
    reference: string
    note: string
  }): Promise<PrepaidAccount>
  listCredit(input: { customerId: string }): Promise<PrepaidAccount[]>
  findCredit(input: { customerId: string; currency: string }): Promise<PrepaidAccount | undefined>
}>

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  vault: Vault
  ledger: LedgerRepository
}>

export function createPrepaid({ db, ids, clock, vault, ledger }: Deps): Prepaid {
  const now = () => clock.now().toISOString()
  const credit = createStoreCredit({ ids, clock, ledger })

  async function move(
    tx: Tx,
    account: Pick<PrepaidAccount, 'shard' | 'id' | 'kind'>,
    input: Readonly<{ key: string; amount: Money; sold: boolean; note: string }>,
  ): Promise<void> {
    const { key, amount, sold, note } = input
    const moved = await moveOnce(tx, {
      shard: account.shard,
      accountId: account.id,
      key,
      kind: amount.amount > 0 ? 'issue' : 'correct',
      amount: amount.amount,
      orderId: null,
      note,
      now: now(),
    })
    if (moved === 'short') throw paymentsProblem('payments.prepaid_too_little')
    if (moved === 'repeated') return
    const { currency, amount: minor } = amount
    await ledger.writeOpening(tx, [
      issueJournal({
        accountId: account.id,
        kind: account.kind,
        key,
        currency,
        amount: minor,
        sold,
      }),
    ])
  }

  async function issueOne(
    tx: Tx,
    input: Parameters<Prepaid['issueCards']>[0],
    n: number,
  ): Promise<IssuedCard> {
    const reference = `${input.reference} ${n}`
    const code = codeOf(vault.derive(`gift card\n${reference}`))
    const codeHash = hashOfCode(normalizeCode(code) as string)
    const id = ids.make('gft')
    const card = {
      shard: shardOf(id),
      id,
      kind: 'gift_card',
      codeHash,
      last4: code.slice(-4),
      customerId: null,
      currency: input.amount.currency,
      expiresAt: input.expiresAt ?? null,
      reference,
      now: now(),
    } as const
    if (await insertNewPrepaid(tx, card)) {
      const note = input.sold ? 'sold' : 'goodwill'
      await move(tx, card, { key: 'issue', amount: input.amount, sold: input.sold, note })
    }
    const account = await findByReference(tx, reference)
    const { amount, currency } = input.amount
    const same =
      account?.codeHash.equals(codeHash) &&
      account.issued === amount &&
      account.currency === currency
    if (!account || !same) {
      throw generalProblem('conflict', { detail: 'The reference was used for other gift cards' })
    }
    return { account, code }
  }

  async function getAccount(id: string): Promise<PrepaidAccount> {
    const found = await findPrepaid(db, { shard: shardOf(id), id })
    if (found?.kind !== 'gift_card') throw generalProblem('not_found')
    return found
  }

  const findCredit: Prepaid['findCredit'] = ({ customerId, currency }) =>
    findStoreCredit(db, { shard: shardFor(customerId), customerId, currency })

  return {
    findCredit,
    listCredit: ({ customerId }) =>
      listStoreCredit(db, { shard: shardFor(customerId), customerId }),
    async issueCards(input) {
      return db.tx(async (tx) => {
        const cards: IssuedCard[] = []
        for (let n = 1; n <= input.count; n += 1) cards.push(await issueOne(tx, input, n))
        return cards
      })
    },
    async findCard({ code }) {
      const normalized = normalizeCode(code)
      const found = normalized ? await findByCode(db, hashOfCode(normalized)) : undefined
      if (!found || !isSpendable(found, clock.now())) {
        throw paymentsProblem('payments.gift_card_unusable')
      }
      return found
    },
    async getCard({ id }) {
      const account = await getAccount(id)
      return { account, entries: await listEntries(db, account) }
    },
    async setCardDisabled({ id, disabled }) {
      const account = await getAccount(id)
      await setDisabled(db, { ...account, disabled })
      return { ...account, disabled }
    },
    async moveCredit({ customerId, amount, reference, note }) {
      const { currency } = amount
      const account = await db.tx(async (tx) => {
        const found = await credit.open(tx, { customerId, currency, reference })
        // Its account was not opened because another one was, under this reference.
        if (!found) {
          throw generalProblem('conflict', { detail: 'The reference was used for another account' })
        }
        await move(tx, found, { key: reference, amount, sold: false, note })
        return findPrepaid(tx, found)
      })
      if (!account) throw new Error(`${customerId} has no account of store credit`)
      return account
    },
  }
}

/** Whether an account may pay at all; an empty one may, and pays nothing. */
export function isSpendable(account: PrepaidAccount, now: Date): boolean {
  const { disabled, expiresAt } = account
  return !disabled && (expiresAt === null || Date.parse(expiresAt) > now.getTime())
}
