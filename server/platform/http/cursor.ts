import { generalProblem, type Problem } from '#contracts/kit/problem.ts'

/** Where a page of a list ended, as the opaque text that callers hand back. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * The place that a cursor stands for.
 * @param kinds what it must consist of, such as `['string', 'number']`.
 * @throws validation_failed if it is none of this list's.
 */
export function decodeCursor(
  cursor: string,
  kinds: readonly ('string' | 'number')[],
): (string | number)[] {
  const place = parse(cursor)
  if (Array.isArray(place) && place.length === kinds.length) {
    if (place.every((part, nth) => typeof part === kinds[nth] && isStorable(part))) return place
  }
  throw refuseCursor()
}

/** Text with a NUL or half a surrogate pair is none that a page ended with. */
function isStorable(part: unknown): boolean {
  return typeof part !== 'string' || (!part.includes('\0') && part.isWellFormed())
}

export function refuseCursor(): Problem {
  return generalProblem('validation_failed', {
    errors: [{ path: 'query.cursor', message: 'is no nextCursor of this list' }],
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
