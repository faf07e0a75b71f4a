import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { PersonalData } from '../../platform/module.ts'
import { findCart } from './repository.ts'

const selectPointer = statement<{ cart_id: string }>(
  'cart.find_pointer',
  'select cart_id from cart.customer_carts where shard = $1 and customer_id = $2',
)
const selectOwned = statement<{ id: string }>(
  'cart.list_carts_of_customer',
  'select id from cart.carts where customer_id = $1 order by id',
)
const deletePointer = statement(
  'cart.erase_pointer',
  'delete from cart.customer_carts where shard = $1 and customer_id = $2',
)
const deleteCarts = statement<{ id: string }>(
  'cart.erase_carts',
  'delete from cart.carts where customer_id = $1 returning id',
)

/** Carts are a person's wishes: all of them are given, and all are deleted. */
export function createPersonalData(db: Database): PersonalData {
  return {
    async export({ accountId }) {
      const owned = await selectOwned(db, [accountId])
      const keys = owned.map(({ id }) => ({ shard: shardOf(id), cartId: id, asker: null }))
      const carts = await Promise.all(keys.map((key) => findCart(db, key)))
      const [current] = await selectPointer(db, [shardFor(accountId), accountId])
      return { carts, currentCartId: current?.cart_id ?? null }
    },
    async erase({ accountId }) {
      await deletePointer(db, [shardFor(accountId), accountId])
      const gone = await deleteCarts(db, [accountId])
      return [{ table: 'cart.carts', deleted: gone.length, anonymised: 0 }]
    },
  }
}
