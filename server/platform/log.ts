import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, pino } from 'pino'
import { maskCardNumbers } from './card-numbers.ts'

export type Log = Readonly<{
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  child(facts: object): Log
}>

type RequestContext = Readonly<{ requestId: string }>

const context = new AsyncLocalStorage<RequestContext>()

/** Runs `work` so that each line it logs, and each event it appends, carries the request's id. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return context.run({ requestId }, work)
}

export function currentRequestId(): string | undefined {
  return context.getStore()?.requestId
}

const SECRETS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'apiKey',
  'card',
  'cvc',
  'pan',
]
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Also the password in an address such as `postgres://shop:password@host.example`. */
const EMAIL_LIKE = /[\w.%+-]+@(?:[\w-]+\.)+[a-z]{2,}/gi
/** Tokens, keys and links that open something: a short word, then more letters than an id has. */
const TOKEN_LIKE = /\b[a-z]{2,6}_(?=[\w-]*[A-Z])[\w-]{32,}/g

/** Masks what tells of a person or opens something, wherever in a line it stands. */
function maskLine(line: string): string {
  return maskCardNumbers(line).replace(EMAIL_LIKE, '[e-mail]').replace(TOKEN_LIKE, '[secret]')
}

/** Structured lines of JSON on standard output; secrets, card numbers and e-mail addresses are masked. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
    hooks: { streamWrite: maskLine },
    mixin: () => context.getStore() ?? {},
  }
  return destination ? pino(options, destination) : pino(options)
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
}
