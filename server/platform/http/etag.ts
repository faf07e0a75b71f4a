import { generalProblem } from '#contracts/kit/problem.ts'
import { actorName } from './actor.ts'
import type { CallContext } from './binding.ts'

type Headers = Pick<CallContext, 'headers'>

/** Whether the caller has this version already (RFC 9110, 13.1.2). */
export function namesEtag({ headers }: Headers, etag: string): boolean {
  const given = headers['if-none-match']
  if (typeof given !== 'string') return false
  return given === etag || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
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
