import * as contract from '#contracts/identity/keys.ts'
import type { CallContext } from '../../../platform/http/binding.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertTeam, signedInStaffOf } from '../caller.ts'
import type { Service } from '../service.ts'

export function keyBindings({ tools: { clock, keys } }: Service): readonly Binding[] {
  const makerOf = (context: CallContext) => {
    const { id: accountId, permissions = [] } = signedInStaffOf(context, clock)
    return { accountId, permissions }
  }
  return [
    bind(contract.listApiKeys, async () => {
      const items = await keys.list({ sellerId: null })
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.createApiKey, async ({ body }, context) => {
      const made = await keys.create({ ...body, ...makerOf(context), sellerId: null })
      return { status: 201, body: made }
    }),
    bind(contract.revokeApiKey, async ({ params }) => {
      await keys.revoke({ ...params, sellerId: null })
      return { status: 204, body: undefined }
    }),
    bind(contract.listSellerApiKeys, async ({ params }, context) => {
      assertTeam(context, params.sellerId)
      return { status: 200, body: { items: await keys.list(params), nextCursor: null } }
    }),
    bind(contract.createSellerApiKey, async ({ params, body }, context) => {
      assertTeam(context, params.sellerId)
      const made = await keys.create({ ...body, ...params, ...makerOf(context) })
      return { status: 201, body: made }
    }),
    bind(contract.revokeSellerApiKey, async ({ params }, context) => {
      assertTeam(context, params.sellerId)
      await keys.revoke(params)
      return { status: 204, body: undefined }
    }),
  ]
}
