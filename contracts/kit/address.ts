import { z } from 'zod'

const line = (max: number) => z.string().trim().min(1).max(max)

export const CountryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, 'is a country code of ISO 3166-1, such as DE')
  .meta({ description: 'ISO 3166-1 alpha-2', example: 'DE' })

/** A postal address. Rules of single countries are checked by shipping. */
export const Address = z
  .strictObject({
    name: line(120),
    line1: line(200),
    line2: line(200).optional(),
    city: line(120),
    region: line(80).optional(),
    postalCode: z.string().trim().min(1).max(16),
    country: CountryCode,
    phone: z.string().trim().min(4).max(32).optional(),
  })
  .meta({ id: 'Address' })

export type Address = Readonly<z.infer<typeof Address>>
