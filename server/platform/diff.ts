import { canonicalJson } from './idempotency.ts'

/** Fields that changed: what they were, what they are. */
export type Diff = Readonly<Record<string, readonly [before: unknown, after: unknown]>>

/** Fields of `after` that are not as they were in `before`; absent is null. */
export function diffOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Diff {
  const changed = Object.keys(after).flatMap((field): [string, [unknown, unknown]][] => {
    const [was, is] = [before[field] ?? null, after[field] ?? null]
    return canonicalJson(was) === canonicalJson(is) ? [] : [[field, [was, is]]]
  })
  return Object.fromEntries(changed)
}
