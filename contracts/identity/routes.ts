import { z } from 'zod'
import { Address } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Language } from '../kit/language.ts'
import { route } from '../kit/route.ts'
import {
  Account,
  BookedAddress,
  CeremonyToken,
  DeviceToken,
  Email,
  PasswordText,
  PersonName,
  Preferences,
  SecondFactorNeeded,
  Session,
  SignedIn,
  secondFactorRequired,
} from './schemas.ts'

const accepted = z.strictObject({ status: z.literal('accepted') })
const nothing = z.undefined()
const token = CeremonyToken
const PASSWORD_RULES = [
  'identity.password_too_short',
  'identity.password_too_long',
  'identity.password_common',
] as const

export const register = route({
  operation: 'register',
  summary: 'Opens an account; the answer is the same whether the address is taken or not',
  method: 'POST',
  path: '/api/v1/auth/register',
  access: ['public'],
  traffic: 'account',
  limit: { burst: 60, perSecond: 0.5 },
  body: z.strictObject({
    email: Email,
    password: PasswordText,
    name: PersonName,
    language: Language.optional(),
  }),
  replies: { 201: accepted },
  problems: PASSWORD_RULES,
})

export const login = route({
  operation: 'login',
  summary: 'Signs in by password; 202 if a second factor is needed',
  method: 'POST',
  path: '/api/v1/auth/login',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    email: Email,
    password: PasswordText,
    deviceToken: DeviceToken.optional(),
    cartId: id('crt').optional().describe("A guest's cart, to become the customer's"),
  }),
  replies: { 200: SignedIn, 202: SecondFactorNeeded },
  problems: ['identity.credentials_wrong'],
})

export const loginSecondFactor = route({
  operation: 'loginSecondFactor',
  summary: 'Ends a sign-in by a code of the authenticator app, or a recovery code',
  method: 'POST',
  path: '/api/v1/auth/login/second-factor',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({
    challenge: token,
    code: z.string().trim().min(6).max(40),
    cartId: id('crt').optional(),
  }),
  replies: { 200: SignedIn },
  problems: ['identity.link_invalid', 'identity.second_factor_wrong'],
})

export const logout = route({
  operation: 'logout',
  summary: 'Ends the session that the request was made with; without one it does nothing',
  method: 'POST',
  path: '/api/v1/auth/logout',
  access: ['public'],
  traffic: 'account',
  replies: { 204: nothing },
})

export const getSession = route({
  operation: 'getSession',
  summary: 'Who is signed in: name and rights, for the head of a page',
  method: 'GET',
  path: '/api/v1/auth/session',
  access: ['customer'],
  traffic: 'browse',
  replies: {
    200: z.strictObject({ account: Account, expiresAt: z.iso.datetime(), secondFactorRequired }),
  },
})

export const reauthenticate = route({
  operation: 'reauthenticate',
  summary:
    'Confirms by password that it is still the same person; asked for before sensitive changes',
  method: 'POST',
  path: '/api/v1/auth/reauthenticate',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ password: PasswordText }),
  replies: { 204: nothing },
  problems: ['identity.credentials_wrong'],
})

export const requestEmailProof = route({
  operation: 'requestEmailProof',
  summary: 'Sends the link again that proves the e-mail address',
  method: 'POST',
  path: '/api/v1/auth/email/proof-requests',
  access: ['customer'],
  traffic: 'account',
  replies: { 202: accepted },
})

export const proveEmail = route({
  operation: 'proveEmail',
  summary:
    'Proves the e-mail address by the mailed link, as the account itself or with its password',
  method: 'POST',
  path: '/api/v1/auth/email/proofs',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({ token, password: PasswordText.optional() }),
  replies: { 200: accepted },
  problems: ['identity.link_invalid', 'identity.credentials_wrong', 'identity.email_taken'],
})

export const changeEmail = route({
  operation: 'changeEmail',
  summary: "Sends a link to a new address; it becomes the account's when the link is followed",
  method: 'POST',
  path: '/api/v1/auth/email',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ email: Email, password: PasswordText }),
  replies: { 202: accepted },
  problems: ['identity.credentials_wrong'],
})

export const requestPasswordReset = route({
  operation: 'requestPasswordReset',
  summary:
    'Sends a link to set a new password, if the address has an account; the answer is the same',
  method: 'POST',
  path: '/api/v1/auth/password/reset-requests',
  access: ['public'],
  traffic: 'account',
  limit: { burst: 60, perSecond: 0.5 },
  body: z.strictObject({ email: Email, language: Language.optional() }),
  replies: { 202: accepted },
})

export const resetPassword = route({
  operation: 'resetPassword',
  summary: 'Sets a new password by the mailed link, and ends all sessions',
  method: 'POST',
  path: '/api/v1/auth/password/resets',
  access: ['public'],
  traffic: 'account',
  body: z.strictObject({ token, password: PasswordText }),
  replies: { 200: accepted },
  problems: ['identity.link_invalid', ...PASSWORD_RULES],
})

export const changePassword = route({
  operation: 'changePassword',
  summary: 'Changes the password and ends the other sessions; the own one gets a new token',
  method: 'POST',
  path: '/api/v1/auth/password',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ currentPassword: PasswordText, newPassword: PasswordText }),
  replies: { 200: SignedIn },
  problems: ['identity.credentials_wrong', ...PASSWORD_RULES],
})

export const listSessions = route({
  operation: 'listSessions',
  summary: 'Where the account is signed in',
  method: 'GET',
  path: '/api/v1/auth/sessions',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ items: z.array(Session), nextCursor: z.null() }) },
})

export const revokeSession = route({
  operation: 'revokeSession',
  summary: 'Ends one session of the account',
  method: 'DELETE',
  path: '/api/v1/auth/sessions/:sessionId',
  access: ['customer'],
  traffic: 'account',
  params: z.object({ sessionId: id('ses') }),
  replies: { 204: nothing },
  problems: ['not_found'],
})

export const revokeOtherSessions = route({
  operation: 'revokeOtherSessions',
  summary: 'Ends every session but the one that asks',
  method: 'DELETE',
  path: '/api/v1/auth/sessions',
  access: ['customer'],
  traffic: 'account',
  replies: { 204: nothing },
})

export const getMe = route({
  operation: 'getMe',
  summary: 'The signed-in account',
  method: 'GET',
  path: '/api/v1/me',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: Account },
})

export const updateMe = route({
  operation: 'updateMe',
  summary: 'Changes name and preferences',
  method: 'PATCH',
  path: '/api/v1/me',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({
    name: PersonName.optional(),
    preferences: Preferences.partial().optional(),
  }),
  replies: { 200: Account },
})

export const getMyCart = route({
  operation: 'getMyCart',
  summary: 'Id of the cart that the customer has now',
  method: 'GET',
  path: '/api/v1/me/cart',
  access: ['customer'],
  traffic: 'cart',
  replies: { 200: z.strictObject({ cartId: z.string().nullable() }) },
})

const addressParams = z.object({ addressId: id('adr') })

export const listAddresses = route({
  operation: 'listAddresses',
  summary: 'The address book, the default first',
  method: 'GET',
  path: '/api/v1/me/addresses',
  access: ['customer'],
  traffic: 'account',
  replies: { 200: z.strictObject({ items: z.array(BookedAddress), nextCursor: z.null() }) },
})

export const addAddress = route({
  operation: 'addAddress',
  summary: 'Adds an address, checked by the rules of its country; the first is the default',
  method: 'POST',
  path: '/api/v1/me/addresses',
  access: ['customer'],
  traffic: 'account',
  body: z.strictObject({ address: Address, isDefault: z.boolean().optional() }),
  replies: { 201: BookedAddress },
  problems: ['shipping.address_invalid', 'identity.address_limit'],
  idempotency: 'accepted',
})

export const changeAddress = route({
  operation: 'changeAddress',
  summary: 'Changes an address, or makes it the default',
  method: 'PATCH',
  path: '/api/v1/me/addresses/:addressId',
  access: ['customer'],
  traffic: 'account',
  params: addressParams,
  body: z.strictObject({ address: Address.optional(), isDefault: z.literal(true).optional() }),
  replies: { 200: BookedAddress },
  problems: ['not_found', 'shipping.address_invalid'],
})

export const removeAddress = route({
  operation: 'removeAddress',
  summary: 'Removes an address; removing it again is no error',
  method: 'DELETE',
  path: '/api/v1/me/addresses/:addressId',
  access: ['customer'],
  traffic: 'account',
  params: addressParams,
  replies: { 204: nothing },
})

export const accountRoutes = [
  register,
  login,
  loginSecondFactor,
  logout,
  getSession,
  reauthenticate,
  requestEmailProof,
  proveEmail,
  changeEmail,
  requestPasswordReset,
  resetPassword,
  changePassword,
  listSessions,
  revokeSession,
  revokeOtherSessions,
  getMe,
  updateMe,
  getMyCart,
  listAddresses,
  addAddress,
  changeAddress,
  removeAddress,
] as const
