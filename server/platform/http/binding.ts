import { Readable } from 'node:stream'
import type { RouteInput, RouteReply, RouteSpec } from '#contracts/kit/route.ts'
import type { Actor } from './actor.ts'

/** What a handler is told besides the validated input. */
export type CallContext = Readonly<{
  actor: Actor
  requestId: string
  /** The caller's Idempotency-Key, scoped to the caller; undefined if none was sent. */
  idempotencyKey: string | undefined
  /** When the call came in. */
  receivedAt: Date
  /** Address of the caller, for limits and fraud screening. */
  remoteAddress: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body as it came, for signatures. */
  rawBody: string
  /** The body of a route that takes bytes, as they come. */
  upload: AsyncIterable<Uint8Array> | undefined
}>

/** A body that is JSON already, sent as it is. */
export type RawJson = Readonly<{ rawJson: string | Uint8Array }>

/** Bytes that are too many to be held: sent as they are read, and not kept for a repetition. */
export type ByteStream = Readable

type Status<R extends RouteSpec> = keyof R['replies'] & number

type Reply<R extends RouteSpec, S extends Status<R>> =
  | RouteReply<R, S>
  | Readonly<{ status: S; body: RawJson | ByteStream; headers?: Readonly<Record<string, string>> }>

// The status is a parameter of its own, so that a handler's literal is read as one.
export type Handler<R extends RouteSpec, S extends Status<R>> = (
  input: RouteInput<R>,
  context: CallContext,
) => Promise<Reply<R, S>>

/** An answer that lies in memory. */
export type ReadyAnswer = Readonly<{
  status: number
  body: Readonly<{ rawJson: Uint8Array }> | undefined
  headers: Readonly<Record<string, string>>
  /** What follows once it is given. Must not throw. */
  given?(context: CallContext): void
}>

/**
 * Gives the answer that the handler would give to a guest, if nothing has to be waited for and it
 * is no refusal.
 */
type Ready<R extends RouteSpec> = (
  input: RouteInput<R>,
  headers: CallContext['headers'],
) => ReadyAnswer | undefined

/** A route of the contract and the call that answers it. */
export type Binding = Readonly<{
  route: RouteSpec
  handle(
    input: Readonly<{ params: unknown; query: unknown; body: unknown }>,
    context: CallContext,
  ): Promise<
    Readonly<{ status: number; body: unknown; headers?: Readonly<Record<string, string>> }>
  >
  /** For reads of which most find their answer in memory: `fast-lane.ts`. */
  ready?: Ready<RouteSpec>
}>

/** Ties a declared route to its handler; the handler's types follow from the declaration. */
export function bind<R extends RouteSpec, S extends Status<R>>(
  route: R,
  handle: Handler<R, S>,
  ready?: Ready<R>,
): Binding {
  const bound = { route, handle: handle as Binding['handle'] }
  return ready ? { ...bound, ready: ready as NonNullable<Binding['ready']> } : bound
}

export function isByteStream(body: unknown): body is ByteStream {
  return body instanceof Readable
}

export function isRawJson(body: unknown): body is RawJson {
  return typeof body === 'object' && body !== null && 'rawJson' in body
}
