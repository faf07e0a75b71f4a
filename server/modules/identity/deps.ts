import type { Chance } from '../../platform/chance.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { Mailbox } from '../../platform/mail/mailbox.ts'
import type { PersonalData } from '../../platform/module.ts'
import type { Throttle } from '../../platform/throttle.ts'
import type { Vault } from '../../platform/vault.ts'
import type { CartApi } from '../cart/index.ts'
import type { OrdersApi } from '../orders/index.ts'
import type { ShippingApi } from '../shipping/index.ts'
import type { OpenIdSettings } from './providers/openid.ts'

export type IdentityDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  chance: Chance
  outbox: Outbox
  log: Log
  vault: Vault
  mailbox: Mailbox
  throttle: Throttle
  cart: Pick<CartApi, 'merge' | 'current'>
  orders: Pick<OrdersApi, 'claimGuestOrders'>
  shipping: Pick<ShippingApi, 'checkAddress'>
  /** What each module keeps of a person, by the module's name. */
  personalData: Readonly<Record<string, PersonalData>>
  /** Folder of the list of common passwords. */
  referenceFolder: string
  /** Where shoppers reach the shop: the only origin that mailed links ever have. */
  publicUrl: string
  /** Whether staff act as such only in sessions of two factors. */
  staffSecondFactor: boolean
  /** A provider that one may sign in with. */
  openId?: OpenIdSettings | undefined
}>
