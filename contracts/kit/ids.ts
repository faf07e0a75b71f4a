import { z } from 'zod'

/** A TypeID: prefix, underscore, 26 characters of Crockford's base 32 (lower case). */
export type Id<Prefix extends string = string> = `${Prefix}_${string}`

const SUFFIX = '[0-7][0-9a-hjkmnp-tv-z]{25}'

/** Schema of an id with this prefix, such as `ord_01jd…`. */
export function id<const Prefix extends string>(prefix: Prefix) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_${SUFFIX}$`), `is an id that begins with ${prefix}_`)
    .transform((value) => value as Id<Prefix>)
}
