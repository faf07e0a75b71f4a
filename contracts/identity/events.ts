import { z } from 'zod'
import { event } from '../kit/event.ts'

const account = z.strictObject({ accountId: z.string() })

export const accountRegistered = event({
  type: 'identity.account_registered.v1',
  aggregate: 'account',
  summary: 'An account was opened; its e-mail address is not proven yet',
  payload: account,
})

export const emailProven = event({
  type: 'identity.email_proven.v1',
  aggregate: 'account',
  summary: "An account's e-mail address was proven to be its own",
  payload: account,
})

export const accessChanged = event({
  type: 'identity.access_changed.v1',
  aggregate: 'account',
  summary:
    'Sessions, keys or rights of an account were taken away or changed: what is cached is void',
  payload: account,
})

export const accountErased = event({
  type: 'identity.account_erased.v1',
  aggregate: 'account',
  summary: "An account was erased on its owner's wish",
  payload: account,
})

export const identityEvents = [
  accountRegistered,
  emailProven,
  accessChanged,
  accountErased,
] as const
