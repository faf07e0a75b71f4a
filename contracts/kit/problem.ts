import { z } from 'zod'

/** One wrong field: where it is (`body.lines[0].quantity`) and what is wrong with it. */
export const FieldError = z.strictObject({ path: z.string(), message: z.string() })
export type FieldError = Readonly<z.infer<typeof FieldError>>

/** RFC 9457 problem details, as every error of the API is answered. */
export const ProblemDetails = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string().optional(),
    retryable: z.boolean().optional(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 problem details' })

export type ProblemOptions = Readonly<{
  detail?: string
  errors?: readonly FieldError[]
  /** Facts that the caller needs, such as the new quote; sent as further members. */
  data?: Readonly<Record<string, unknown>>
  /** Sent as Retry-After. */
  retryAfterSeconds?: number
  /** Further headers of the answer. */
  headers?: Readonly<Record<string, string>>
}>

/** A refusal: the caller's request was understood and cannot be done, for a declared reason. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly options: ProblemOptions

  constructor(code: string, status: number, title: string, options: ProblemOptions = {}) {
    super(options.detail ?? title)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.title = title
    this.options = options
  }
}

type Declarations = Readonly<Record<string, readonly [status: number, title: string]>>

export type Refuse<Code extends string> = {
  (code: Code, options?: ProblemOptions): Problem
  readonly declared: Declarations
}

/**
 * Declares a module's refusals. The result makes a Problem to throw:
 * `throw ordersProblem('orders.price_changed', { data: { quote } })`.
 */
export function problems<const D extends Declarations>(declared: D): Refuse<keyof D & string> {
  const refuse = (code: keyof D & string, options?: ProblemOptions) => {
    const [status, title] = declared[code] as readonly [number, string]
    return new Problem(code, status, title, options)
  }
  return Object.assign(refuse, { declared })
}

/** The general refusals, common to all modules. */
export const generalProblem = problems({
  validation_failed: [400, 'The request is not valid'],
  malformed_json: [400, 'The body is not valid JSON'],
  unauthenticated: [401, 'Sign in to do this'],
  forbidden: [403, 'You may not do this'],
  second_factor_required: [403, 'Sign in with a second factor to do this'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'This method is not allowed here'],
  conflict: [409, 'The record has changed meanwhile'],
  invalid_transition: [409, 'The record is not in a state that allows this'],
  idempotency_in_progress: [409, 'The first request with this key is still running'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'This content type is not accepted here'],
  precondition_failed: [412, 'The record is not the version that you named'],
  idempotency_key_reused: [422, 'The idempotency key was used with another request'],
  idempotency_key_required: [400, 'This request needs an Idempotency-Key'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'Not available for the moment'],
})
