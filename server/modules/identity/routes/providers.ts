import * as contract from '#contracts/identity/providers.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertFresh, callerOf, sourceOf } from '../caller.ts'
import type { Service } from '../service.ts'
import { signInReply } from './account.ts'

export function providerBindings(service: Service): readonly Binding[] {
  const {
    providerLogins,
    tools: { clock },
  } = service
  return [
    bind(contract.listProviders, async () => {
      return { status: 200, body: { items: [...providerLogins.providers()], nextCursor: null } }
    }),
    bind(contract.beginProviderLogin, async () => {
      return { status: 200, body: await providerLogins.beginLogin() }
    }),
    bind(contract.loginProvider, async ({ body }, context) => {
      const result = await providerLogins.login({ ...body, ...sourceOf(context) })
      if (result.status === 'link_needed') return { status: 202, body: result }
      return signInReply(service, result, context)
    }),
    bind(contract.linkProviderByPassword, async ({ body }, context) => {
      const result = await providerLogins.linkByPassword({ ...body, ...sourceOf(context) })
      return signInReply(service, result, context)
    }),
    bind(contract.beginProviderLink, async (_input, context) => {
      assertFresh(context, clock)
      return { status: 200, body: await providerLogins.beginLink(callerOf(context)) }
    }),
    bind(contract.addProviderLogin, async ({ body }, context) => {
      assertFresh(context, clock)
      return { status: 201, body: await providerLogins.link({ ...callerOf(context), ...body }) }
    }),
    bind(contract.listProviderLogins, async (_input, context) => {
      const items = await providerLogins.list(callerOf(context))
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.removeProviderLogin, async ({ params }, context) => {
      assertFresh(context, clock)
      await providerLogins.remove({ ...callerOf(context), ...params })
      return { status: 204, body: undefined }
    }),
  ]
}
