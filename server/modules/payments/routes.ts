import { receiveWebhook } from '#contracts/payments/routes.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import type { WebhookInput } from './flows/webhook.ts'

type Deps = Readonly<{ receive(input: WebhookInput): Promise<void> }>

export function paymentsBindings({ receive }: Deps): Binding[] {
  return [
    bind(receiveWebhook, async ({ params }, { headers, rawBody }) => {
      await receive({ provider: params.provider, headers, rawBody })
      return { status: 200, body: { received: true as const } }
    }),
  ]
}
