import * as contract from '#contracts/identity/factors.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertFresh, callerOf } from '../caller.ts'
import type { Service } from '../service.ts'

/** What changes how somebody signs in asks for a fresh sign-in. */
export function factorBindings({ secondFactor, tools: { clock } }: Service): readonly Binding[] {
  return [
    bind(contract.beginTotp, async (_input, context) => {
      assertFresh(context, clock)
      return { status: 200, body: await secondFactor.begin(callerOf(context)) }
    }),
    bind(contract.confirmTotp, async ({ body }, context) => {
      assertFresh(context, clock)
      return {
        status: 200,
        body: await secondFactor.confirm({ ...callerOf(context), ...body }),
      }
    }),
    bind(contract.removeTotp, async (_input, context) => {
      assertFresh(context, clock)
      await secondFactor.remove(callerOf(context))
      return { status: 204, body: undefined }
    }),
    bind(contract.renewRecoveryCodes, async (_input, context) => {
      assertFresh(context, clock)
      return { status: 200, body: await secondFactor.renewCodes(callerOf(context)) }
    }),
  ]
}
