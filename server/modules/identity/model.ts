import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { identityProblem } from '#contracts/identity/problems.ts'
import {
  OPERATOR_ROLES,
  type OperatorRole,
  type Permission,
  SELLER_ROLES,
  type SellerRole,
} from '#contracts/kit/permissions.ts'
import type { Chance } from '../../platform/chance.ts'

/**
 * An address in the one spelling that it is looked for by. The part before the @ is folded to lower
 * case too: no provider in use tells two people apart by it.
 */
export function normalizeEmail(text: string): string {
  const email = text.normalize('NFKC').trim().toLowerCase()
  const at = email.lastIndexOf('@')
  const domain = domainToASCII(email.slice(at + 1))
  return `${email.slice(0, at)}@${domain || email.slice(at + 1)}`
}

const SECRET_BYTES = 32

/** A secret that names its shard, so that what it opens is found in one place. */
export function makeToken(chance: Chance, prefix: string, shard: number): string {
  const tag = shard.toString(16).padStart(3, '0')
  return `${prefix}_${tag}${Buffer.from(chance.bytes(SECRET_BYTES)).toString('base64url')}`
}

/** The shard that a token names; undefined if it is none of this kind. */
export function shardOfToken(token: string, prefix: string): number | undefined {
  const match = new RegExp(`^${prefix}_([0-9a-f]{3})[\\w-]{43}$`).exec(token)
  return match ? Number.parseInt(match[1] as string, 16) : undefined
}

/** What is kept of a secret that was drawn by chance: it needs no slow hash. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export function permissionsOf(roles: readonly OperatorRole[]): readonly Permission[] {
  return [...new Set(roles.flatMap((role) => OPERATOR_ROLES[role]))]
}

export function sellerPermissionsOf(role: SellerRole): readonly Permission[] {
  return SELLER_ROLES[role]
}

/** @throws identity.scope_beyond_rights if somebody would give away more than he has. */
export function assertWithin(
  own: readonly Permission[] | undefined,
  given: readonly Permission[],
): void {
  const beyond = own === undefined ? [] : given.filter((permission) => !own.includes(permission))
  if (beyond.length === 0) return
  throw identityProblem('identity.scope_beyond_rights', { data: { beyond } })
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long a sign-in lasts; staff are asked again sooner (ASVS 5, 7.3). */
export const SESSION_LIFE = {
  customer: { idleMs: 14 * DAY_MS, wholeMs: 60 * DAY_MS },
  staff: { idleMs: HOUR_MS, wholeMs: 12 * HOUR_MS },
} as const

/** How long one-time links and challenges live. */
export const TOKEN_LIFE_MS = {
  prove_email: 3 * DAY_MS,
  change_email: HOUR_MS,
  reset_password: 30 * MINUTE_MS,
  second_factor: 5 * MINUTE_MS,
  passkey_register: 5 * MINUTE_MS,
  passkey_login: 10 * MINUTE_MS,
  provider_login: 10 * MINUTE_MS,
  provider_link: 10 * MINUTE_MS,
  provider_match: 10 * MINUTE_MS,
  invitation: 7 * DAY_MS,
  guest_privacy: HOUR_MS,
} as const
export type TokenPurpose = keyof typeof TOKEN_LIFE_MS

/** For so long a sign-in counts as just done, and sensitive things may be changed. */
export const FRESH_MS = 10 * MINUTE_MS

/** Unproven accounts that an address may have at once. */
export const UNPROVEN_MAX = 5

/** A device in words, from what the browser says of itself. */
export function deviceName(userAgent: string | undefined): string {
  if (!userAgent) return 'Program'
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/[\d.]+/.exec(userAgent)?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(userAgent)?.[1]
  const names: Readonly<Record<string, string>> = {
    Edg: 'Edge',
    OPR: 'Opera',
    'Mac OS X': 'macOS',
    CrOS: 'ChromeOS',
  }
  const words = [browser, system].flatMap((word) => (word ? [names[word] ?? word] : []))
  return words.length > 0 ? words.join(', ') : userAgent.replace(/[^\w ./-]/g, '').slice(0, 60)
}
