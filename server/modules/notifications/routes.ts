import * as contract from '#contracts/notifications/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { NotificationsApi } from './api.ts'

export function notificationsBindings(api: NotificationsApi): readonly Binding[] {
  return [
    bind(contract.getPushKey, async () => ({ status: 200, body: { publicKey: api.pushKey() } })),
    bind(contract.watchByPush, async ({ body }, { actor }) => {
      const accountId = actor.kind === 'customer' ? actor.id : null
      return { status: 200, body: await api.watch({ ...body, accountId }) }
    }),
    bind(contract.getPushSubscription, async ({ params }) => ({
      status: 200,
      body: await api.get(params),
    })),
    bind(contract.unwatchByPush, async ({ params }) => {
      await api.unwatch(params)
      return { status: 204, body: undefined }
    }),
    bind(contract.endPush, async ({ params }) => {
      await api.end(params)
      return { status: 204, body: undefined }
    }),
    bind(contract.endOfferMails, async ({ body }) => {
      await api.endOffers(body)
      return { status: 204, body: undefined }
    }),
  ]
}
