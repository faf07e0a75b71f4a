import * as contract from '#contracts/identity/privacy.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { assertFresh, callerOf, sourceOf } from '../caller.ts'
import type { Service } from '../service.ts'

export function privacyBindings({
  privacy,
  guestPrivacy,
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
    bind(contract.requestGuestPrivacy, async ({ body }, context) => {
      const { email, language = 'en' } = body
      await guestPrivacy.request({ email, language, ...sourceOf(context) })
      return { status: 202, body: { status: 'accepted' as const } }
    }),
    bind(contract.exportGuest, async ({ body }) => {
      return { status: 200, body: await guestPrivacy.export(body) }
    }),
    bind(contract.eraseGuest, async ({ body }) => {
      return { status: 200, body: await guestPrivacy.erase(body) }
    }),
  ]
}
