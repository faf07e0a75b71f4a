import { identityProblem } from '#contracts/identity/problems.ts'
import type { BookedAddress } from '#contracts/identity/schemas.ts'
import type { Address } from '#contracts/kit/address.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import { lockAccount } from './repository.ts'
import type { Tools } from './tools.ts'

const MOST = 50

const COLUMNS = 'id, address, is_default as "isDefault", created_at as "createdAt"'

const selectAddresses = statement<BookedAddress>(
  'identity.list_addresses',
  `select ${COLUMNS} from identity.addresses where shard = $1 and account_id = $2
   order by is_default desc, created_at desc`,
)
const insertAddress = statement(
  'identity.insert_address',
  `insert into identity.addresses (shard, account_id, id, address, is_default, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
)
const updateAddress = statement(
  'identity.update_address',
  `update identity.addresses set address = coalesce($4, address), is_default = is_default or $5
   where shard = $1 and account_id = $2 and id = $3`,
)
const clearDefault = statement(
  'identity.clear_default_address',
  `update identity.addresses set is_default = false
   where shard = $1 and account_id = $2 and is_default`,
)
const deleteAddress = statement(
  'identity.delete_address',
  'delete from identity.addresses where shard = $1 and account_id = $2 and id = $3',
)
const renewDefault = statement(
  'identity.renew_default_address',
  `update identity.addresses set is_default = true
   where shard = $1 and account_id = $2
     and id = (select id from identity.addresses where shard = $1 and account_id = $2
               order by created_at desc limit 1)
     and not exists (select from identity.addresses
                     where shard = $1 and account_id = $2 and is_default)`,
)

type Owner = Readonly<{ accountId: string }>

export type AddressBook = Readonly<{
  list(input: Owner): Promise<BookedAddress[]>
  /** @throws shipping.address_invalid, identity.address_limit */
  add(input: Owner & { address: Address; isDefault: boolean }): Promise<BookedAddress>
  /** @throws not_found, shipping.address_invalid */
  change(
    input: Owner & { addressId: string; address: Address | null; isDefault: boolean },
  ): Promise<BookedAddress>
  remove(input: Owner & { addressId: string }): Promise<void>
}>

/** A customer's addresses. One of them is the default for as long as there is any. */
export function createAddressBook({ db, ids, clock, shipping }: Tools): AddressBook {
  const list = (on: Queryable, accountId: string) =>
    selectAddresses(on, [shardOf(accountId), accountId])

  async function assertValid(address: Address): Promise<void> {
    const errors = await shipping.checkAddress({ address, path: 'body.address' })
    if (errors.length > 0) throw shippingProblem('shipping.address_invalid', { errors })
  }

  return {
    list: ({ accountId }) => list(db, accountId),

    async add({ accountId, address, isDefault }) {
      await assertValid(address)
      const id = ids.make('adr', shardOf(accountId))
      const createdAt = clock.now().toISOString()
      return db.tx(async (tx) => {
        if (!(await lockAccount(tx, accountId))) throw generalProblem('not_found')
        const known = await list(tx, accountId)
        if (known.length >= MOST) throw identityProblem('identity.address_limit')
        const key = [shardOf(accountId), accountId]
        const first = known.length === 0
        if (isDefault && !first) await clearDefault(tx, key)
        const booked = { id, address, isDefault: isDefault || first, createdAt }
        await insertAddress(tx, [...key, id, JSON.stringify(address), booked.isDefault, createdAt])
        return booked
      })
    },

    async change({ accountId, addressId, address, isDefault }) {
      if (address) await assertValid(address)
      return db.tx(async (tx) => {
        if (!(await lockAccount(tx, accountId))) throw generalProblem('not_found')
        const key = [shardOf(accountId), accountId]
        if (isDefault) await clearDefault(tx, key)
        const json = address ? JSON.stringify(address) : null
        await updateAddress(tx, [...key, addressId, json, isDefault])
        const changed = (await list(tx, accountId)).find(({ id }) => id === addressId)
        if (!changed) throw generalProblem('not_found')
        return changed
      })
    },

    async remove({ accountId, addressId }) {
      await db.tx(async (tx) => {
        await lockAccount(tx, accountId)
        await deleteAddress(tx, [shardOf(accountId), accountId, addressId])
        await renewDefault(tx, [shardOf(accountId), accountId])
      })
    },
  }
}
