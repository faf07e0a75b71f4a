import { hash } from 'node:crypto'
import { generalProblem } from '#contracts/kit/problem.ts'
import { actorName } from './actor.ts'
import { type CallContext, isByteStream } from './binding.ts'
import type { RawReply } from './raw.ts'

type Headers = Pick<CallContext, 'headers'>

/** Whether the caller has this version already (RFC 9110, 13.1.2). */
export function namesEtag({ headers }: Headers, etag: string): boolean {
  const given = headers['if-none-match']
  if (typeof given !== 'string') return false
  if (given === etag || given.trim() === '*') return true
  const opaque = strong(etag)
  return given.split(',').some((one) => strong(one.trim()) === opaque)
}

function strong(etag: string): string {
  return etag.replace(/^W\//, '')
}

/** A weak tag: the same answer may come compressed. */
export function bodyTag(body: string | Uint8Array): string {
  return `W/"${hash('sha1', body, 'base64url')}"`
}

/**
 * What shared caches may keep says by its ETag which answer it is, and is not sent again to whom
 * has it. The tag is made of the body, unless the handler gave one.
 */
export function revalidated(reply: RawReply, context: Headers): RawReply {
  const { status, headers, body } = reply
  const isKept = status === 200 && headers['cache-control']?.startsWith('public')
  if (!isKept || isByteStream(body) || body.length === 0) return reply
  const etag = headers['etag'] ?? bodyTag(body)
  if (!namesEtag(context, etag)) return { ...reply, headers: { ...headers, etag } }
  const { 'content-type': _type, ...told } = headers
  return { status: 304, headers: { ...told, etag }, body: '' }
}

/** The version in `If-Match: "7"`. @throws validation_failed if it is no version. */
export function readIfMatch({ headers }: Headers): number | undefined {
  const given = headers['if-match']
  if (given === undefined || given === '*') return undefined
  const match = /^"?(\d{1,9})"?$/.exec(String(given))
  if (match) return Number(match[1])
  throw generalProblem('validation_failed', {
    errors: [{ path: 'headers.If-Match', message: 'is not a version, such as "7"' }],
  })
}

/** The header by which a reply tells a record's version. */
export function versionTag(version: number): Readonly<Record<string, string>> {
  return { etag: `"${version}"` }
}

/** Who asks for a change, and which version he saw. @throws validation_failed if that is none. */
export function changeBy(context: Pick<CallContext, 'actor' | 'headers'>) {
  return { actor: actorName(context.actor), expectedVersion: readIfMatch(context) }
}

/** A reply with the record's version as its ETag. */
export function versioned<const S extends number, B extends Readonly<{ version: number }>>(
  status: S,
  body: B,
) {
  return { status, body, headers: versionTag(body.version) }
}

/** @throws precondition_failed if the caller saw another version. */
export function expectVersion(expected: number | undefined, version: number): void {
  if (expected !== undefined && expected !== version)
    throw generalProblem('precondition_failed', { data: { version } })
}
