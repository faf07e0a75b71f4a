import type { Address } from '../../../../contracts/kit/address.ts'
import type { Form } from '../../lib/forms.ts'
import type { Messages } from '../../messages/index.ts'

/** Fields of a postal address, in the order in which forms ask for them. */
export const POSTAL_FIELDS = [
  'country',
  'name',
  'line1',
  'line2',
  'postalCode',
  'city',
  'region',
  'phone',
] as const
export type PostalField = (typeof POSTAL_FIELDS)[number]

/** An address as it is typed: what was left out is empty. */
export type PostalTexts = Readonly<Record<PostalField, string>>

const MOST_LETTERS = 254

function each(textOf: (name: PostalField) => string): PostalTexts {
  const texts = POSTAL_FIELDS.map((name) => [name, textOf(name).slice(0, MOST_LETTERS)])
  return Object.fromEntries(texts) as PostalTexts
}

export function typedAddress(form: Form): PostalTexts {
  return each((name) => form.text(name))
}

export function knownAddress(address: Address): PostalTexts {
  return each((name) => address[name] ?? '')
}

/** The address as the API takes it; what was left empty is left out. */
export function toAddress(texts: PostalTexts): Address {
  const { name, line1, line2, city, region, postalCode, country, phone } = texts
  return {
    name,
    line1,
    city,
    postalCode,
    country,
    ...(line2 ? { line2 } : {}),
    ...(region ? { region } : {}),
    ...(phone ? { phone } : {}),
  }
}

type Asked = Exclude<PostalField, 'country'>

/** How forms ask for the fields: label, what browsers fill in, and whether it may stay empty. */
export function postalFacts(
  t: Messages,
): Readonly<Record<Asked, { label: string; autocomplete: string; isOptional: boolean }>> {
  const ask = (label: string, autocomplete: string, isOptional = false) => ({
    label,
    autocomplete,
    isOptional,
  })
  return {
    name: ask(t.fullName, 'name'),
    line1: ask(t.street, 'address-line1'),
    line2: ask(t.addressMore, 'address-line2', true),
    postalCode: ask(t.postalCode, 'postal-code'),
    city: ask(t.city, 'address-level2'),
    region: ask(t.region, 'address-level1', true),
    phone: ask(t.phone, 'tel', true),
  }
}
