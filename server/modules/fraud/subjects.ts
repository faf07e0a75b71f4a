import { createHmac, createSecretKey } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { LISTED_KINDS } from '#contracts/fraud/schemas.ts'
import type { Address } from '#contracts/kit/address.ts'
import { shardFor } from '../../platform/ids.ts'
import { networkOf, plainAddress } from '../../platform/net/network-of.ts'
import { isPublicAddress } from '../../platform/net/public-address.ts'

export type SubjectKind = (typeof LISTED_KINDS)[number]

/** Somebody or something that orders are counted by: `email:` and a keyed hash. */
export type Subject = Readonly<{ kind: SubjectKind; key: string; shard: number }>

/** What an order tells of who placed it. */
export type Traits = Readonly<{
  customerId: string | null
  email: string
  shippingAddress: Address
  /** IP address that the order came from; null if it is not known. */
  remoteAddress: string | null
  /** The visitor's number in the browser, if it told one. */
  device: string | null
}>

export type Subjects = Readonly<{
  /** Hashes one. @returns null for a network that says nothing: the shop's own, or none at all. */
  of(kind: Exclude<SubjectKind, 'address'>, value: string): Subject | null
  ofAddress(address: Address): Subject
  /** All of an order's, the buyer first: the account, else the e-mail address. */
  ofOrder(traits: Traits): readonly [Subject, ...Subject[]]
}>

const HASH_LETTERS = 22

/** @param key secret: without it nobody can find out whose hash one is by trying addresses. */
export function createSubjects(key: Uint8Array): Subjects {
  // Made once: to make a key of bytes takes longer than to hash with it.
  const secret = createSecretKey(key)

  function make(kind: SubjectKind, text: string): Subject {
    const hash = createHmac('sha256', secret).update(`${kind}\n${text}`).digest('base64url')
    const named = `${kind}:${hash.slice(0, HASH_LETTERS)}`
    return { kind, key: named, shard: shardFor(named) }
  }

  function of(kind: Exclude<SubjectKind, 'address'>, value: string): Subject | null {
    if (kind === 'email') return make(kind, mailboxOf(value))
    if (kind !== 'network') return make(kind, value)
    const network = publicNetworkOf(value)
    return network === null ? null : make(kind, network)
  }

  const ofAddress = (address: Address) => make('address', doorOf(address))
  return {
    of,
    ofAddress,
    ofOrder({ customerId, email, shippingAddress, remoteAddress, device }) {
      const mailbox = make('email', mailboxOf(email))
      const others = [
        ofAddress(shippingAddress),
        remoteAddress === null ? null : of('network', remoteAddress),
        device === null ? null : make('device', device),
      ].filter((one) => one !== null)
      return customerId === null
        ? [mailbox, ...others]
        : [make('customer', customerId), mailbox, ...others]
    },
  }
}

/** One spelling for all that lead to the same mailbox: tags, and Gmail's dots, change nothing. */
export function mailboxOf(email: string): string {
  const text = email.trim().toLowerCase()
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1).replace(/^googlemail\.com$/, 'gmail.com')
  const untagged = text.slice(0, Math.max(0, at)).replace(/\+.*$/, '')
  return `${domain === 'gmail.com' ? untagged.replaceAll('.', '') : untagged}@${domain}`
}

/** A door, however it is written: names, further lines and punctuation are left out. */
function doorOf({ country, postalCode, city, line1 }: Address): string {
  return [country, postalCode, city, line1]
    .map((part) =>
      part
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]/gu, ''),
    )
    .join('\n')
}

/** `203.0.113` or the first 64 bits; null for addresses that are none of the public internet. */
export function publicNetworkOf(address: string): string | null {
  if (!isPublicAddress(plainAddress(address))) return null
  const network = networkOf(address)
  return isIPv4(network) ? network.slice(0, network.lastIndexOf('.')) : network
}
