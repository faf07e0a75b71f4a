import { createECDH } from 'node:crypto'
import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { notificationsProblem } from '#contracts/notifications/problems.ts'
import type { PushSubscription, PushWatch, WantedNews } from '#contracts/notifications/schemas.ts'
import type { Vault } from '../../platform/vault.ts'
import type { NotificationsApi } from './api.ts'
import type { NotificationsDeps } from './deps.ts'
import type { Unsubscribing } from './letters/unsubscribing.ts'
import { endpointKey, lowestPrice } from './model.ts'
import {
  deleteSubscription,
  findSubscription,
  listWatches,
  putSubscription,
  putWatch,
  removeWatch,
  replaceEndpoint,
  type Watch,
} from './repository.ts'

const MOST_WATCHES = 100

export type PushKeys = Readonly<{ publicKey: string; privateKey: string }>

/** The installation's keys follow from its vault: all its processes have the same. */
export function pushKeys(vault: Vault): PushKeys {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(vault.derive('notifications.push'))
  return {
    publicKey: pair.getPublicKey('base64url', 'uncompressed'),
    privateKey: pair.getPrivateKey('base64url'),
  }
}

/** Where the address and the keys of a browser are sealed for. */
export function sealPlace(subscriptionId: string): string {
  return `notifications.subscriptions.sealed:${subscriptionId}`
}

export function createNotificationsService(
  { db, ids, clock, vault, orders, catalog, accounts }: NotificationsDeps,
  { keys, links }: Readonly<{ keys: PushKeys; links: Unsubscribing }>,
): NotificationsApi {
  /** What is wanted, as of now. @throws not_found, pricing.market_unknown */
  async function look(wanted: WantedNews): Promise<Omit<Watch, 'subscriptionId'>> {
    if (wanted.kind === 'order') {
      const { id: subject } = await orders.get({ orderId: wanted.orderId })
      return { subject, kind: 'order', currency: null, country: null, amount: null }
    }
    const { productId: idOrSlug, currency, country } = wanted
    const product = await catalog.getProduct({ idOrSlug, currency, country })
    const amount = lowestPrice(product)?.amount ?? null
    return { subject: product.id, kind: 'price', currency, country, amount }
  }

  async function view(subscriptionId: string): Promise<PushSubscription> {
    if (!(await findSubscription(db, subscriptionId))) throw generalProblem('not_found')
    const watches = await listWatches(db, subscriptionId)
    return { id: subscriptionId, watches: watches.map(shown) }
  }

  return {
    pushKey: () => keys.publicKey,
    async watch({ subscription, language, wanted, accountId }) {
      const watch = await look(wanted)
      const { hash: endpointHash, shard } = endpointKey(subscription.endpoint)
      const at = clock.now().toISOString()
      const secret = JSON.stringify(subscription)
      const subscriptionId = await db.tx(async (tx) => {
        const fresh = ids.make('psb', shard)
        const sealed = vault.seal(secret, sealPlace(fresh))
        const id = await putSubscription(tx, {
          id: fresh,
          endpointHash,
          sealed,
          accountId,
          language,
          at,
        })
        if (id !== fresh) await replaceEndpoint(tx, id, vault.seal(secret, sealPlace(id)))
        const known = await listWatches(tx, id)
        if (known.length >= MOST_WATCHES && !known.some(({ subject }) => subject === watch.subject))
          throw notificationsProblem('notifications.too_many')
        await putWatch(tx, { ...watch, subscriptionId: id }, at)
        return id
      })
      return view(subscriptionId)
    },
    get: ({ subscriptionId }) => view(subscriptionId),
    async unwatch({ subscriptionId, subject }) {
      await db.tx(async (tx) => {
        await removeWatch(tx, { subscriptionId, subject })
        if ((await listWatches(tx, subscriptionId)).length === 0)
          await deleteSubscription(tx, subscriptionId)
      })
    },
    async end({ subscriptionId }) {
      await db.tx((tx) => deleteSubscription(tx, subscriptionId))
    },
    async endOffers({ token }) {
      const accountId = links.read(token)
      if (accountId === undefined) throw generalProblem('not_found')
      await accounts.endMarketing({ accountId })
    },
  }
}

function shown({ subject, kind, amount, currency }: Watch): PushWatch {
  const price = amount === null || currency === null ? {} : { price: money(amount, currency) }
  return { subject, kind, ...price }
}
