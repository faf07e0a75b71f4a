import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Money } from '../kit/money.ts'

const base64url = (bytes: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}=*$`),
      `is ${bytes} bytes in base64url`,
    )

/** Where a browser is reached, as its own `PushSubscription` says. */
export const PushEndpoint = z.strictObject({
  endpoint: z
    .url({ protocol: /^https$/ })
    .max(1000)
    .describe("Address of the browser's push service"),
  keys: z.strictObject({ p256dh: base64url(65), auth: base64url(16) }),
})
export type PushEndpoint = Readonly<z.infer<typeof PushEndpoint>>

export const PUSH_LANGUAGES = ['en', 'de', 'es', 'ja', 'ar'] as const

/** What a browser wants to hear of. */
export const WantedNews = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('order'), orderId: id('ord') }),
  z.strictObject({
    kind: z.literal('price'),
    productId: id('prd'),
    country: z.string().regex(/^[A-Z]{2}$/, 'is a country code'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'is a currency code'),
  }),
])
export type WantedNews = Readonly<z.infer<typeof WantedNews>>

export const PushWatch = z
  .strictObject({
    subject: z.string().describe('Id of the order or the product'),
    kind: z.enum(['order', 'price']),
    price: Money.optional().describe('Below which a price is news'),
  })
  .meta({ id: 'PushWatch' })
export type PushWatch = Readonly<z.infer<typeof PushWatch>>

export const PushSubscription = z
  .strictObject({ id: z.string(), watches: z.array(PushWatch) })
  .meta({ id: 'PushSubscription', description: 'A browser that is told of what it asked to hear' })
export type PushSubscription = Readonly<z.infer<typeof PushSubscription>>
