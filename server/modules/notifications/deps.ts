import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { Mailbox } from '../../platform/mail/mailbox.ts'
import type { PostReply, PublicPost } from '../../platform/net/public-fetch.ts'
import type { Vault } from '../../platform/vault.ts'
import type { WishesApi } from '../cart/index.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { IdentityApi } from '../identity/index.ts'
import type { OrdersApi } from '../orders/index.ts'

export type NotificationsDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  log: Log
  vault: Vault
  orders: Pick<OrdersApi, 'get'>
  catalog: Pick<CatalogApi, 'getProduct'>
  cart: WishesApi
  accounts: Pick<IdentityApi, 'readersOf' | 'endMarketing'>
  mailbox: Pick<Mailbox, 'queue'>
  /** Where shoppers reach the shop: push services are told whom to ask about it. */
  publicUrl: string
  /** How a push service is reached; tests have one of their own. */
  post?: (request: PublicPost) => Promise<PostReply>
}>
