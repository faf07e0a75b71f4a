import { z } from 'zod'

/** A page of a list: `{ items, nextCursor }`. */
export function page<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() })
}

export const Timestamp = z.iso
  .datetime()
  .refine((text) => !text.startsWith('0000'), 'is of a year from 0001 on')
  .meta({ description: 'RFC 3339, UTC' })
export const CalendarDate = z.iso
  .date()
  .refine((text) => !text.startsWith('0000'), 'is of a year from 0001 on')

const timeZones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])

/** Whether the text names a time zone of the IANA. */
export function isTimeZone(text: string): boolean {
  return timeZones.has(text)
}

/** A whole number in a query string; `query` is how the API document shows it. */
export const queryInt = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'is a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ query: { type: 'integer', minimum: min, maximum: max } })

/** `true` or `false` in a query string. */
export const queryBool = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ query: { type: 'boolean' } })
