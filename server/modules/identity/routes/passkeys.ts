import * as contract from '#contracts/identity/passkeys.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertFresh, callerOf, sourceOf } from '../caller.ts'
import type { Service } from '../service.ts'
import { signInReply } from './account.ts'

export function passkeyBindings(service: Service): readonly Binding[] {
  const {
    passkeys,
    tools: { clock },
  } = service
  return [
    bind(contract.beginPasskey, async (_input, context) => {
      assertFresh(context, clock)
      return { status: 200, body: await passkeys.begin(callerOf(context)) }
    }),
    bind(contract.addPasskey, async ({ body }, context) => {
      assertFresh(context, clock)
      return { status: 201, body: await passkeys.add({ ...callerOf(context), ...body }) }
    }),
    bind(contract.listPasskeys, async (_input, context) => {
      const items = await passkeys.list(callerOf(context))
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.renamePasskey, async ({ params, body }, context) => {
      const renamed = await passkeys.rename({ ...callerOf(context), ...params, ...body })
      return { status: 200, body: renamed }
    }),
    bind(contract.removePasskey, async ({ params }, context) => {
      assertFresh(context, clock)
      await passkeys.remove({ ...callerOf(context), ...params })
      return { status: 204, body: undefined }
    }),
    bind(contract.beginPasskeyLogin, async () => {
      return { status: 200, body: await passkeys.beginLogin() }
    }),
    bind(contract.loginPasskey, async ({ body }, context) => {
      const result = await passkeys.login({ ...body, ...sourceOf(context) })
      return signInReply(service, result, context)
    }),
  ]
}
