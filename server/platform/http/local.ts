import type { RouteSpec } from '#contracts/kit/route.ts'
import { type Binding, isByteStream } from './binding.ts'
import type { Executor } from './execute.ts'
import type { RawReply } from './raw.ts'

/** A request within the process, as a client's transport gives it. */
export type LocalRequest = Readonly<{
  operation: string
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string | string[]>>
  headers: Readonly<Record<string, string>>
  body: string | undefined
}>

/** A reply whose bytes are all there. */
export type LocalReply = Omit<RawReply, 'body'> & Readonly<{ body: string | Uint8Array }>

/**
 * The API without a socket: the same checks, the same answers, no bytes on a wire.
 * @param admit throws a Problem if the visitor at this address may not call it now
 */
export function localTransport(
  bindings: readonly Binding[],
  execute: Executor,
  newRequestId: () => string,
  admit: (route: RouteSpec, address: string) => Promise<void> = async () => {},
): (request: LocalRequest) => Promise<LocalReply> {
  const byOperation = new Map(bindings.map((binding) => [binding.route.operation, binding]))
  return async ({ operation, params, query, headers, body }) => {
    const binding = byOperation.get(operation)
    if (!binding) throw new Error(`This process does not serve ${operation}`)
    const requestId = headers['x-request-id'] ?? newRequestId()
    const remoteAddress = headers['x-forwarded-for'] ?? '127.0.0.1'
    const reply = await execute(binding, {
      params,
      query,
      headers,
      body: body ?? '',
      requestId,
      remoteAddress,
      admit: () => admit(binding.route, remoteAddress),
    })
    const { body: answer } = reply
    return { ...reply, body: isByteStream(answer) ? Buffer.concat(await answer.toArray()) : answer }
  }
}
