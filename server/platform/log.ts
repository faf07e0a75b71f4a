import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, pino } from 'pino'

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

const REDACTED = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'apiKey',
  'card',
  'cvc',
  'pan',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
  '*.apiKey',
  '*.card',
]

/** Structured lines of JSON on standard output, secrets masked. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
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
