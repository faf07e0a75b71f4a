import type { Address } from '../../../../contracts/kit/address.ts'

/** Countries that write the city before the postal code. */
const CITY_FIRST = new Set(['US', 'CA', 'AU', 'GB', 'IE', 'IN', 'NZ'])

export function isCityFirst(country: string): boolean {
  return CITY_FIRST.has(country)
}

/** City, region and postal code as the country's post writes them: "Austin, TX 73301", "10115 Berlin". */
export function cityLine({
  country,
  city,
  region,
  postalCode,
}: Pick<Address, 'country' | 'city' | 'region' | 'postalCode'>): string {
  const joined = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' ')
  if (country === 'JP') return joined(`〒${postalCode}`, region, city)
  if (!isCityFirst(country)) return joined(postalCode, city, region)
  return [city, joined(region, postalCode)].filter(Boolean).join(', ')
}
