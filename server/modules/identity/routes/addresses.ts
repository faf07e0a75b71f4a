import * as contract from '#contracts/identity/routes.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { callerOf } from '../caller.ts'
import type { Service } from '../service.ts'

export function addressBindings({ addresses }: Service): readonly Binding[] {
  return [
    bind(contract.listAddresses, async (_input, context) => {
      const items = await addresses.list(callerOf(context))
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.addAddress, async ({ body }, context) => {
      const { address, isDefault = false } = body
      return {
        status: 201,
        body: await addresses.add({ ...callerOf(context), address, isDefault }),
      }
    }),
    bind(contract.changeAddress, async ({ params, body }, context) => {
      const { address = null, isDefault = false } = body
      const change = { ...callerOf(context), ...params, address, isDefault }
      return { status: 200, body: await addresses.change(change) }
    }),
    bind(contract.removeAddress, async ({ params }, context) => {
      await addresses.remove({ ...callerOf(context), ...params })
      return { status: 204, body: undefined }
    }),
  ]
}
