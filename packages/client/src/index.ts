import { type Operations, operations } from './generated/operations.ts'

export type * from './generated/operations.ts'
export { operations } from './generated/operations.ts'

export type OperationName = keyof Operations

/** A request as a transport sends it. */
export type TransportRequest = Readonly<{
  operation: OperationName
  method: string
  /** Path and query, from the root: `/api/v1/products/prd_…?currency=EUR`. */
  url: string
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string | string[]>>
  headers: Readonly<Record<string, string>>
  body: string | undefined
  signal: AbortSignal | undefined
}>

export type TransportReply = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
}>

/** How requests travel: by HTTP, or within one process. */
export type Transport = (request: TransportRequest) => Promise<TransportReply>

/** An error of the API: RFC 9457 problem details with a stable code. */
export type Refusal<Code extends string = string> = Readonly<{
  code: Code | 'network_error'
  title: string
  status: number
  detail?: string
  errors?: readonly Readonly<{ path: string; message: string }>[]
  requestId?: string
  /** When to come again, if the server said so. */
  retryAfterSeconds?: number
  [fact: string]: unknown
}>

export type Result<Name extends OperationName> =
  | Readonly<{
      ok: true
      status: number
      data: Operations[Name]['reply']
      headers: Readonly<Record<string, string>>
    }>
  | Readonly<{ ok: false; problem: Refusal<Operations[Name]['problem']> }>

type Part<Key extends string, T> = [T] extends [undefined]
  ? unknown
  : undefined extends T
    ? Partial<Record<Key, T>>
    : Record<string, never> extends T
      ? Partial<Record<Key, T>>
      : Record<Key, T>

export type CallInput<Name extends OperationName> = Part<'params', Operations[Name]['params']> &
  Part<'query', Operations[Name]['query']> &
  Part<'body', Operations[Name]['body']> & {
    /** Makes a repetition harmless; minted by the client for operations that take one, if absent. */
    idempotencyKey?: string
    headers?: Readonly<Record<string, string>>
    signal?: AbortSignal
  }

export type Client = {
  readonly [Name in OperationName]: (input: CallInput<Name>) => Promise<Result<Name>>
}

export type ClientOptions = Readonly<{
  transport: Transport
  /** A session token or API key. */
  token?: string
  /** Mints idempotency keys. */
  newKey?: () => string
  /** Tries of a request that is safe to repeat, when the network or the server fails. */
  attempts?: number
}>

const RETRY_PAUSE_MS = 100

/**
 * A typed client: `client.getProduct({ params: { id } })` gives `{ ok: true, data }` or
 * `{ ok: false, problem }`. Requests that are safe to repeat (reads, and writes with an idempotency
 * key) are repeated when the network fails or the server says it is worth it.
 */
export function createClient(options: ClientOptions): Client {
  const names = Object.keys(operations) as OperationName[]
  const calls = names.map((name) => [name, (input: AnyInput = {}) => call(options, name, input)])
  return Object.fromEntries(calls) as Client
}

type AnyInput = Readonly<{
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  idempotencyKey?: string
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}>

async function call(
  options: ClientOptions,
  name: OperationName,
  input: AnyInput,
): Promise<unknown> {
  const { transport, token, newKey = () => crypto.randomUUID(), attempts = 3 } = options
  const { method, idempotent } = operations[name]
  const key = idempotent ? (input.idempotencyKey ?? newKey()) : undefined
  const request = describe(name, input, {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(key ? { 'idempotency-key': key } : {}),
    ...input.headers,
  })
  const repeatable =
    method === 'GET' || method === 'PUT' || method === 'DELETE' || key !== undefined
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= attempts || !repeatable || input.signal?.aborted === true
    try {
      const result = read(await transport(request))
      if (result.ok || last || result.problem['retryable'] !== true) return result
    } catch (error) {
      if (last) return { ok: false, problem: networkError(error) }
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * 2 ** attempt))
  }
}

function describe(
  name: OperationName,
  input: AnyInput,
  headers: Record<string, string>,
): TransportRequest {
  const { method, path } = operations[name]
  const params = input.params ?? {}
  const query = flatten(input.query ?? {})
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(params[key] ?? ''),
  )
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((item) => [key, item]),
    ),
  ).toString()
  const body = input.body === undefined ? undefined : JSON.stringify(input.body)
  return {
    operation: name,
    method,
    url: search ? `${filled}?${search}` : filled,
    params,
    query,
    headers: {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    body,
    signal: input.signal,
  }
}

function flatten(query: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
  )
}

type AnyResult =
  | { ok: true; status: number; data: unknown; headers: Readonly<Record<string, string>> }
  | { ok: false; problem: Refusal }

function read({ status, headers, body }: TransportReply): AnyResult {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  if (status < 400)
    return { ok: true, status, data: text === '' ? undefined : JSON.parse(text), headers }
  const retryAfterSeconds = Number(headers['retry-after'])
  return {
    ok: false,
    problem: {
      ...unnamedProblem(status),
      ...parseProblem(text),
      ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    },
  }
}

/** What a proxy between us and the shop says in words of its own, when it cannot reach it or is too busy. */
const PASSING = new Set([408, 429, 502, 503, 504])

function unnamedProblem(status: number): Refusal {
  return PASSING.has(status)
    ? { status, code: 'unavailable', title: 'Not available for the moment', retryable: true }
    : { status, code: 'internal', title: 'The server failed' }
}

function parseProblem(text: string): Partial<Refusal> {
  try {
    return JSON.parse(text) as Partial<Refusal>
  } catch {
    return { detail: text.slice(0, 200) }
  }
}

function networkError(error: unknown): Refusal {
  return {
    code: 'network_error',
    title: 'The server could not be reached',
    status: 0,
    detail: String(error),
  }
}

/** Sends requests by HTTP to a shop at `origin`. */
export function httpTransport(origin: string, fetcher: typeof fetch = fetch): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const response = await fetcher(new URL(url, origin), {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  }
}
