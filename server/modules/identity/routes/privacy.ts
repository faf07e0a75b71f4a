import * as contract from '#contracts/identity/privacy.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertFresh, callerOf } from '../caller.ts'
import type { Service } from '../service.ts'

export function privacyBindings({
  privacy,
  cookie,
  tools: { clock },
}: Service): readonly Binding[] {
  return [
    bind(contract.exportMe, async (_input, context) => {
      assertFresh(context, clock)
      const body = await privacy.export(callerOf(context))
      const headers = {
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="my-data.zip"',
      }
      return { status: 200, body, headers }
    }),
    bind(contract.eraseMe, async (_input, context) => {
      assertFresh(context, clock)
      const report = await privacy.erase(callerOf(context))
      return { status: 200, body: report, headers: { 'set-cookie': cookie.clear() } }
    }),
  ]
}
