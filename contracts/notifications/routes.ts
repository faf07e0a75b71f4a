import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { route } from '../kit/route.ts'
import { PUSH_LANGUAGES, PushEndpoint, PushSubscription, WantedNews } from './schemas.ts'

const subscriptionParams = z.object({ subscriptionId: id('psb') })

export const getPushKey = route({
  operation: 'getPushKey',
  summary: 'The public key by which browsers know who may send to them (VAPID)',
  method: 'GET',
  path: '/api/v1/push/key',
  access: ['public'],
  traffic: 'browse',
  replies: { 200: z.strictObject({ publicKey: z.string() }) },
  cacheSeconds: 300,
})

export const watchByPush = route({
  operation: 'watchByPush',
  summary:
    'Tells a browser of an order, or of a lower price, from now on; again it changes nothing',
  method: 'PUT',
  path: '/api/v1/push/subscriptions',
  access: ['public'],
  traffic: 'account',
  limit: { burst: 30, perSecond: 0.5 },
  body: z.strictObject({
    subscription: PushEndpoint,
    language: z.enum(PUSH_LANGUAGES),
    wanted: WantedNews,
  }),
  replies: { 200: PushSubscription },
  problems: [
    'not_found',
    'catalog.currency_not_sold',
    'notifications.too_many',
    'pricing.market_unknown',
  ],
})

export const getPushSubscription = route({
  operation: 'getPushSubscription',
  summary: 'What a browser is told of',
  method: 'GET',
  path: '/api/v1/push/subscriptions/:subscriptionId',
  access: ['holder'],
  traffic: 'browse',
  params: subscriptionParams,
  replies: { 200: PushSubscription },
  problems: ['not_found'],
})

export const unwatchByPush = route({
  operation: 'unwatchByPush',
  summary: 'No more news of one order or product; a browser with nothing left is forgotten',
  method: 'DELETE',
  path: '/api/v1/push/subscriptions/:subscriptionId/watches/:subject',
  access: ['holder'],
  traffic: 'cart',
  params: subscriptionParams.extend({ subject: z.union([id('ord'), id('prd')]) }),
  replies: { 204: z.undefined() },
})

export const endPush = route({
  operation: 'endPush',
  summary: 'No more news at all: everything that is known of the browser is deleted',
  method: 'DELETE',
  path: '/api/v1/push/subscriptions/:subscriptionId',
  access: ['holder'],
  traffic: 'cart',
  params: subscriptionParams,
  replies: { 204: z.undefined() },
})

export const endOfferMails = route({
  operation: 'endOfferMails',
  summary: 'No more mails with offers, by the link that stands in each of them; again is no error',
  method: 'POST',
  path: '/api/v1/mail/unsubscribe',
  access: ['public'],
  traffic: 'account',
  limit: { burst: 30, perSecond: 0.5 },
  body: z.strictObject({ token: z.string().min(1).max(200) }),
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

export const notificationsRoutes = [
  getPushKey,
  watchByPush,
  getPushSubscription,
  unwatchByPush,
  endPush,
  endOfferMails,
] as const
