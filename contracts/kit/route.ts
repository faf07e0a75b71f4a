import { z } from 'zod'
import type { Permission } from './permissions.ts'

/**
 * Who may call a route.
 * - `public`: anyone; nothing private is behind it.
 * - `holder`: whoever holds the unguessable id in the address (a guest's cart or order).
 * - `customer`, `seller`, `operator`: a signed-in account of that kind.
 * - `provider`: a payment provider or carrier that signs its requests.
 */
export type Access = 'public' | 'holder' | 'customer' | 'seller' | 'operator' | 'provider'

/** How heavily a route may be used, and what is shed first under load (checkout last). */
export type TrafficClass =
  | 'checkout'
  | 'cart'
  | 'browse'
  | 'account'
  | 'admin'
  | 'export'
  | 'webhook'

/** So many requests at once, and so many more each second; counted by address, and by account. */
export type RateLimit = Readonly<{ burst: number; perSecond: number }>

export type RouteSpec = Readonly<{
  /** Name of the operation: the SDK's method, `operationId` in OpenAPI. */
  operation: string
  summary: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify's spelling: `/api/v1/carts/:cartId`. */
  path: string
  access: readonly Access[]
  /** What staff must be allowed to do; absent on a route for staff: `everything`. */
  permission?: Permission
  traffic: TrafficClass
  /** How often it may be called, if not as often as the others of its class together. */
  limit?: RateLimit
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** The body is bytes of one of these content types, which the handler reads as they come; no `body` then. */
  upload?: readonly string[]
  replies: Readonly<Record<number, z.ZodType>>
  /** Content types of a reply whose schema is `Bytes`. */
  download?: readonly string[]
  /** Whether the caller may name the version that he saw by `If-Match`. */
  takesIfMatch?: boolean
  /** Codes that this route may answer besides the general ones. */
  problems?: readonly string[]
  /** `required`: refused without an Idempotency-Key; `accepted`: replayed if there is one. */
  idempotency?: 'required' | 'accepted'
  /** Seconds a shared cache may keep a reply; absent: not cached. */
  cacheSeconds?: number
  /** Largest body in bytes; 64 kB unless told. */
  bodyLimitBytes?: number
}>

/** A reply that is no JSON; the handler names its content type. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'is bytes')

/** Declares a route as data. The server binds it; OpenAPI and the SDK come from it. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined

export type RouteInput<R extends RouteSpec> = Readonly<{
  params: Parsed<R['params']>
  query: Parsed<R['query']>
  body: Parsed<R['body']>
}>

export type RouteReply<
  R extends RouteSpec,
  Status extends keyof R['replies'] & number = keyof R['replies'] & number,
> = Readonly<{
  status: Status
  body: z.input<R['replies'][Status]>
  headers?: Readonly<Record<string, string>>
}>

/** Codes that a call of this route may be refused with: its own, and those of every route of its kind. */
export function refusalsOf(route: RouteSpec): readonly string[] {
  const codes = ['validation_failed', 'rate_limited', 'internal', 'unavailable']
  const signedIn = ['customer', 'seller', 'operator']
  if (route.access.every((access) => signedIn.includes(access))) {
    codes.push('unauthenticated', 'forbidden')
    if (route.access.some((access) => access !== 'customer')) codes.push('second_factor_required')
  }
  if (route.upload) codes.push('payload_too_large')
  if (route.body) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type')
  if (route.idempotency) codes.push('idempotency_in_progress', 'idempotency_key_reused')
  return [...codes, ...(route.problems ?? [])]
}
