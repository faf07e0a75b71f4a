import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Address } from '#contracts/kit/address.ts'
import type { FieldError } from '#contracts/kit/problem.ts'

const Format = z.object({
  name: z.string().optional(),
  /** Letters of the fields that must be there: A street, C city, S region, Z postal code. */
  require: z.string().optional(),
  zip: z.string().optional(),
  zipex: z.string().optional(),
  /** Regions, by `~`: keys, names, names in Latin letters and codes of ISO 3166-2. */
  sub_keys: z.string().optional(),
  sub_names: z.string().optional(),
  sub_lnames: z.string().optional(),
  sub_isoids: z.string().optional(),
  state_name_type: z.string().optional(),
})
const Formats = z.record(z.string(), Format)

type Rules = Readonly<{
  postalCode: RegExp | undefined
  example: string | undefined
  regionRequired: boolean
  regionWord: string
  regions: ReadonlySet<string>
}>

export type AddressBook = Readonly<{
  /** Wrong fields by the rules of the address's country; empty when it is fine. */
  check(address: Address, path: string): FieldError[]
}>

/** Reads the address formats of all countries. @throws if the file is absent or malformed. */
export async function readAddressBook(referenceFolder: string): Promise<AddressBook> {
  const file = await readFile(join(referenceFolder, 'address_formats.json.gz'))
  return createAddressBook(JSON.parse(gunzipSync(file).toString()))
}

/** @param formats Google's address metadata by country code; entries of regions are not needed. */
function createAddressBook(formats: unknown): AddressBook {
  const known = new Map<string, Rules>()
  for (const [country, format] of Object.entries(Formats.parse(formats))) {
    if (!country.includes('/')) known.set(country, rulesOf(format))
  }
  return {
    check(address, path) {
      const rules = known.get(address.country)
      if (!rules)
        return [{ path: `${path}.country`, message: 'is not a country that parcels are sent to' }]
      return [...checkRegion(address, rules, path), ...checkPostalCode(address, rules, path)]
    },
  }
}

function rulesOf(format: z.infer<typeof Format>): Rules {
  const names = [format.sub_keys, format.sub_names, format.sub_lnames, format.sub_isoids]
  return {
    postalCode: format.zip === undefined ? undefined : new RegExp(`^(?:${format.zip})$`),
    example: format.zipex?.split(',')[0],
    regionRequired: format.require?.includes('S') ?? false,
    regionWord: format.state_name_type ?? 'region',
    regions: new Set(names.flatMap((list) => (list ?? '').split('~').filter(Boolean).map(fold))),
  }
}

function checkRegion({ region, country }: Address, rules: Rules, path: string): FieldError[] {
  const at = `${path}.region`
  if (region === undefined) {
    return rules.regionRequired
      ? [{ path: at, message: `is required: the ${rules.regionWord}` }]
      : []
  }
  if (rules.regions.size === 0 || !rules.regionRequired) return []
  const code = fold(region)
  const plain = code.startsWith(country) ? code.slice(country.length) : code
  if (rules.regions.has(code) || rules.regions.has(plain)) return []
  return [{ path: at, message: `is not a ${rules.regionWord} of ${country}` }]
}

function checkPostalCode(
  { postalCode, country }: Address,
  rules: Rules,
  path: string,
): FieldError[] {
  if (!rules.postalCode || rules.postalCode.test(postalCode.trim().toUpperCase())) return []
  const example = rules.example ? `, such as ${rules.example}` : ''
  return [{ path: `${path}.postalCode`, message: `is not a postal code of ${country}${example}` }]
}

/** A name as it is compared: no accents, no spaces or punctuation, upper case; any script. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
}
