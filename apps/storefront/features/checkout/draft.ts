import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Address } from '../../../../contracts/kit/address.ts'
import { readJson, writeJson } from '../../lib/cookies.ts'
import type { Form } from '../../lib/forms.ts'
import type { Shop } from '../../lib/shop.ts'
import { knownAddress, POSTAL_FIELDS, toAddress, typedAddress } from '../addresses/fields.ts'
import { regionField } from './regions.ts'

const text = z.string().max(254)

/** A checkout that is not finished, as it stands in the shopper's cookie. */
const Draft = z.strictObject({
  email: text,
  name: text,
  line1: text,
  line2: text,
  city: text,
  region: text,
  postalCode: text,
  country: text,
  phone: text,
  /** The address has been taken: what follows may be shown. */
  isAddressTaken: z.boolean(),
  shippingOptionId: text,
})
export type Draft = Readonly<z.infer<typeof Draft>>

export const ADDRESS_FIELDS = ['email', ...POSTAL_FIELDS] as const
export type AddressField = (typeof ADDRESS_FIELDS)[number]

/** Fields that are wrong. */
export type FieldErrors = ReadonlySet<AddressField>

function emptyDraft(country: string): Draft {
  return {
    email: '',
    name: '',
    line1: '',
    line2: '',
    city: '',
    region: '',
    postalCode: '',
    country,
    phone: '',
    isAddressTaken: false,
    shippingOptionId: '',
  }
}

export function readDraft(request: FastifyRequest, country: string): Draft {
  return readJson(request, 'checkout', Draft) ?? emptyDraft(country)
}

export function keepDraft(shop: Shop, reply: FastifyReply, draft: Draft): void {
  writeJson(shop, reply, { name: 'checkout', value: draft })
}

/** What the address form says, over what was there. */
export function draftFromForm(form: Form, draft: Draft): Draft {
  const email = form.text('email').slice(0, 254)
  return { ...draft, ...typedAddress(form), email, isAddressTaken: false }
}

/** A draft of somebody whose address is known; taken as it is where nothing is missing. */
export function draftFromBook(address: Address, draft: Draft): Draft {
  const filled = { ...draft, ...knownAddress(address) }
  return { ...filled, isAddressTaken: checkDraft(filled).size === 0 }
}

const Email = z.email().max(254)

/** Fields that are wrong wherever one lives; the API checks them by the country's rules. */
export function checkDraft(draft: Draft): FieldErrors {
  const wrong = new Set<AddressField>()
  if (!Email.safeParse(draft.email).success) wrong.add('email')
  const parsed = Address.safeParse(toAddress(draft))
  if (regionField(draft.country) && !draft.region) wrong.add('region')
  for (const { path } of parsed.error?.issues ?? []) addField(wrong, String(path[0]))
  return wrong
}

/** The API's errors, such as `body.shippingAddress.postalCode`, as fields of the form. */
export function fieldsOf(errors: readonly Readonly<{ path: string }>[]): FieldErrors {
  const wrong = new Set<AddressField>()
  for (const { path } of errors) addField(wrong, path.split('.').at(-1) ?? '')
  return wrong
}

function addField(wrong: Set<AddressField>, name: string): void {
  const field = ADDRESS_FIELDS.find((known) => known === name)
  if (field) wrong.add(field)
}
