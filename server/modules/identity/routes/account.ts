import * as contract from '#contracts/identity/routes.ts'
import type { SecondFactorNeeded, SignedIn } from '#contracts/identity/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Binding, bind, type CallContext } from '../../../platform/http/binding.ts'
import { toAccount } from '../account-view.ts'
import { callerOf, isBrowser, sourceOf } from '../caller.ts'
import { waitingMark } from '../flows/sign-in.ts'
import { findAccount } from '../repository.ts'
import type { Service } from '../service.ts'
import { listSessionsOf } from '../sessions/repository.ts'

const ACCEPTED = { status: 'accepted' } as const

/** A browser's token goes into a cookie that no script reads; a program's into the body as well. */
function signedInReply(service: Service, signedIn: SignedIn, context: CallContext) {
  const { token = '', ...rest } = signedIn
  return {
    status: 200 as const,
    body: isBrowser(context) ? rest : signedIn,
    headers: { 'set-cookie': service.cookie.set(token, signedIn.expiresAt) },
  }
}

/** A sign-in as it is answered: done, or a code is needed first. */
export function signInReply(
  service: Service,
  result: SignedIn | SecondFactorNeeded,
  context: CallContext,
) {
  if (result.status === 'second_factor_needed') return { status: 202 as const, body: result }
  return signedInReply(service, result, context)
}

export function accountBindings(service: Service): readonly Binding[] {
  const { tools, signIn, email, password, register } = service
  return [
    bind(contract.register, async ({ body }, context) => {
      const { language = 'en' } = body
      await register({ ...body, language, ...sourceOf(context) })
      return { status: 201, body: ACCEPTED }
    }),
    bind(contract.login, async ({ body }, context) => {
      const result = await signIn.byPassword({ ...body, ...sourceOf(context) })
      return signInReply(service, result, context)
    }),
    bind(contract.loginSecondFactor, async ({ body }, context) => {
      const result = await service.secondFactor.finish(body)
      return signedInReply(service, result, context)
    }),
    bind(contract.logout, async (_input, { actor }) => {
      if (actor.kind !== 'guest' && actor.session)
        await service.endSession({ accountId: actor.id, sessionId: actor.session.sessionId })
      return { status: 204, body: undefined, headers: { 'set-cookie': service.cookie.clear() } }
    }),
    bind(contract.reauthenticate, async ({ body }, context) => {
      await service.confirm({ ...callerOf(context), ...body, ...sourceOf(context) })
      return { status: 204, body: undefined }
    }),
    bind(contract.requestEmailProof, async (_input, context) => {
      await email.requestProof(callerOf(context))
      return { status: 202, body: ACCEPTED }
    }),
    bind(contract.proveEmail, async ({ body }, context) => {
      const { actor } = context
      const signedInAs = actor.kind === 'guest' || !actor.session ? null : actor.id
      await email.prove({ ...body, signedInAs, ...sourceOf(context) })
      return { status: 200, body: ACCEPTED }
    }),
    bind(contract.changeEmail, async ({ body }, context) => {
      await email.change({ ...callerOf(context), ...body, ...sourceOf(context) })
      return { status: 202, body: ACCEPTED }
    }),
    bind(contract.requestPasswordReset, async ({ body }, context) => {
      const { language = 'en' } = body
      await password.requestReset({ email: body.email, language, ...sourceOf(context) })
      return { status: 202, body: ACCEPTED }
    }),
    bind(contract.resetPassword, async ({ body }) => {
      await password.reset(body)
      return { status: 200, body: ACCEPTED }
    }),
    bind(contract.changePassword, async ({ body }, context) => {
      const input = { ...callerOf(context), ...body, ...sourceOf(context) }
      return signedInReply(service, await password.change(input), context)
    }),
    ...sessionBindings(service),
    bind(contract.getMe, async (_input, context) => {
      return { status: 200, body: await readAccount(service, callerOf(context).accountId) }
    }),
    bind(contract.updateMe, async ({ body }, context) => {
      const { accountId } = callerOf(context)
      const { name = null, preferences = {} } = body
      await service.updateProfile({ accountId, name, preferences })
      return { status: 200, body: await readAccount(service, accountId) }
    }),
    bind(contract.getMyCart, async (_input, context) => {
      const { accountId: customerId } = callerOf(context)
      return { status: 200, body: await tools.cart.current({ customerId }) }
    }),
  ]
}

function sessionBindings(service: Service): readonly Binding[] {
  const { tools } = service
  return [
    bind(contract.getSession, async (_input, context) => {
      const known = await tools.sessions.describe(callerOf(context))
      if (!known) throw generalProblem('unauthenticated')
      const { account, expiresAt } = known
      const body = { account: toAccount(account), expiresAt, ...waitingMark(known) }
      return { status: 200, body }
    }),
    bind(contract.listSessions, async (_input, context) => {
      const { accountId, sessionId } = callerOf(context)
      const at = tools.clock.now().toISOString()
      const all = await listSessionsOf(tools.db, { accountId, at })
      const items = all.map(({ id, device, createdAt, lastSeenAt, endsAt }) => {
        return { id, isCurrent: id === sessionId, device, createdAt, lastSeenAt, expiresAt: endsAt }
      })
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.revokeSession, async ({ params }, context) => {
      const { accountId } = callerOf(context)
      const ended = await service.endSession({ accountId, sessionId: params.sessionId })
      if (!ended) throw generalProblem('not_found')
      return { status: 204, body: undefined }
    }),
    bind(contract.revokeOtherSessions, async (_input, context) => {
      await service.endOtherSessions(callerOf(context))
      return { status: 204, body: undefined }
    }),
  ]
}

async function readAccount({ tools }: Service, accountId: string) {
  const account = await findAccount(tools.db, accountId)
  if (!account) throw generalProblem('unauthenticated')
  return toAccount(account)
}
