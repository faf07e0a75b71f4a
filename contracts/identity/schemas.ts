import { z } from 'zod'
import { Address, CountryCode } from '../kit/address.ts'
import { Language } from '../kit/language.ts'
import { Currency } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'
import { PERMISSIONS } from '../kit/permissions.ts'

export const OPERATOR_ROLE_NAMES = ['admin', 'catalogue', 'support', 'finance', 'fraud'] as const
export const SELLER_ROLE_NAMES = ['owner', 'catalogue', 'orders', 'finance'] as const

export const Email = z.string().trim().pipe(z.email().max(254))
/** Rules for a new password are told by codes of their own, not by the schema. */
export const PasswordText = z.string().min(1).max(1024)
export const PersonName = z.string().trim().min(1).max(120)
export const DeviceToken = z
  .string()
  .max(200)
  .describe('As the last sign-in from this device gave it: lets its owner in while others guess')

/** What was given out when something began, and comes back when it ends. */
export const CeremonyToken = z.string().min(20).max(200)

export const Preferences = z
  .strictObject({
    language: Language.nullable(),
    currency: Currency.nullable(),
    country: CountryCode.nullable(),
    /** Whether what the shopper looks at may be used to recommend, and mails with offers be sent. */
    personalisation: z.boolean(),
    marketing: z.boolean(),
  })
  .meta({ id: 'Preferences' })
export type Preferences = Readonly<z.infer<typeof Preferences>>

export const Account = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    isEmailProven: z.boolean(),
    name: z.string(),
    preferences: Preferences,
    hasPassword: z.boolean(),
    hasTotp: z.boolean(),
    operatorRoles: z.array(z.enum(OPERATOR_ROLE_NAMES)),
    sellers: z.array(z.strictObject({ sellerId: z.string(), role: z.enum(SELLER_ROLE_NAMES) })),
    permissions: z.array(z.enum(PERMISSIONS)).describe('As an operator'),
    createdAt: Timestamp,
  })
  .meta({ id: 'Account' })
export type Account = Readonly<z.infer<typeof Account>>

export const secondFactorRequired = z
  .literal(true)
  .optional()
  .describe("Staff's rights wait until this sign-in has a second factor: set one up, or use it")

export const SignedIn = z
  .strictObject({
    status: z.literal('signed_in'),
    account: Account,
    token: z
      .string()
      .optional()
      .describe('For `Authorization: Bearer`; browsers get a cookie instead, and no token'),
    expiresAt: Timestamp,
    deviceToken: z.string(),
    cartId: z.string().nullable().describe("The customer's cart, with the guest's cart merged in"),
    secondFactorRequired,
  })
  .meta({ id: 'SignedIn' })
export type SignedIn = Readonly<z.infer<typeof SignedIn>>

export const SecondFactorNeeded = z
  .strictObject({
    status: z.literal('second_factor_needed'),
    challenge: z.string(),
    expiresAt: Timestamp,
  })
  .meta({ id: 'SecondFactorNeeded' })
export type SecondFactorNeeded = Readonly<z.infer<typeof SecondFactorNeeded>>

export const Session = z
  .strictObject({
    id: z.string(),
    isCurrent: z.boolean(),
    device: z.string(),
    createdAt: Timestamp,
    lastSeenAt: Timestamp,
    expiresAt: Timestamp,
  })
  .meta({ id: 'Session' })
export type Session = Readonly<z.infer<typeof Session>>

export const BookedAddress = z
  .strictObject({
    id: z.string(),
    address: Address,
    isDefault: z.boolean(),
    createdAt: Timestamp,
  })
  .meta({ id: 'BookedAddress' })
export type BookedAddress = Readonly<z.infer<typeof BookedAddress>>
