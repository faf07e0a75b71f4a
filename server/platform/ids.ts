import { createHash, hash } from 'node:crypto'
import type { Id } from '#contracts/kit/ids.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'

/** Shard tags are 12 bits of an id: 4,096 of them. */
export const SHARDS = 4096

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]))

export type Ids = Readonly<{
  /**
   * A new TypeID: base 32 of a UUIDv7, so that ids sort by time.
   * @param shard the tag 0..4095 kept in the id, so that a look-up by id alone goes to one shard;
   * drawn by chance if not given.
   */
  make<const Prefix extends string>(prefix: Prefix, shard?: number): Id<Prefix>
}>

/** Each id is made in here, and is text before the next one. */
const made = new Uint8Array(16)

export function createIds({ clock, chance }: { clock: Clock; chance: Chance }): Ids {
  return {
    make(prefix, shard) {
      const bytes = made
      chance.fill(bytes, 6)
      writeTime(bytes, clock.now().getTime())
      writeTag(bytes, shard ?? ((bytes[6] as number) << 4) | ((bytes[7] as number) & 15))
      return encode(prefix, bytes)
    },
  }
}

/**
 * An id that is the same for the same words: for records made by an idempotent command, so that
 * its repetition makes the same record. Its time is the given one (the key's first use).
 */
export function derivedId<const Prefix extends string>(
  prefix: Prefix,
  words: string,
  { at, shard }: { at: Date; shard: number },
): Id<Prefix> {
  const bytes = new Uint8Array(16)
  bytes.set(createHash('sha256').update(words).digest().subarray(0, 10), 6)
  writeTime(bytes, at.getTime())
  writeTag(bytes, shard)
  return encode(prefix, bytes)
}

/** What no id of this prefix made at `at` or later sorts before: for lists by time. */
export function firstIdAt<const Prefix extends string>(prefix: Prefix, at: Date): Id<Prefix> {
  const bytes = new Uint8Array(16)
  writeTime(bytes, Math.max(0, at.getTime()))
  return encode(prefix, bytes)
}

/** Whether a text is an id of ours with this prefix. */
export function isIdOf(prefix: string, id: string): boolean {
  return id.startsWith(`${prefix}_`) && /_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id)
}

/** The shard tag 0..4095 in an id. @throws RangeError if it is not an id of ours. */
export function shardOf(id: string): number {
  const suffix = id.slice(id.lastIndexOf('_') + 1)
  if (suffix.length !== 26) throw new RangeError(`"${id}" is not an id`)
  // The tag is bits 52..63 of the 128; 26 letters of 5 bits carry 130, so it begins at letter 10.
  let tag = 0
  for (let letter = 10; letter < 14; letter += 1) {
    const value = VALUES.get(suffix[letter] as string)
    if (value === undefined) throw new RangeError(`"${id}" is not an id`)
    tag = tag * 32 + value
  }
  return (tag >> 4) & 0xfff
}

/** The last moment that has a year of four digits: all that ISO 8601 without a sign can write. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * When an id was made, by the time in it; one that was made up by somebody is of the year 9999 at most.
 * @throws RangeError if it is not an id of ours.
 */
export function timeOf(id: string): Date {
  const suffix = id.slice(id.lastIndexOf('_') + 1)
  if (suffix.length !== 26) throw new RangeError(`"${id}" is not an id`)
  // The first 10 letters are the 48 bits of the time, after two bits of nothing.
  let ms = 0
  for (let letter = 0; letter < 10; letter += 1) {
    const value = VALUES.get(suffix[letter] as string)
    if (value === undefined) throw new RangeError(`"${id}" is not an id`)
    ms = ms * 32 + value
  }
  return new Date(Math.min(ms, LAST_MOMENT))
}

/** The shard tag of a shard key's value (a customer, a warehouse, a top category). */
export function shardFor(key: string): number {
  // As letters of one byte each, which take a third of the time that a buffer takes.
  const digest = hash('sha256', key, 'binary')
  return ((digest.charCodeAt(0) << 8) | digest.charCodeAt(1)) & 0xfff
}

function writeTime(bytes: Uint8Array, ms: number): void {
  for (let place = 5, rest = ms; place >= 0; place -= 1, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256
  }
}

function writeTag(bytes: Uint8Array, tag: number): void {
  bytes[6] = 0x70 | ((tag >> 8) & 0x0f)
  bytes[7] = tag & 0xff
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
}

const CODES = [...ALPHABET].map((letter) => letter.charCodeAt(0))
/** Letters of an id by its prefix, which stands in them already. */
const lettersOf = new Map<string, number[]>()

function lettersWith(prefix: string): number[] {
  let letters = lettersOf.get(prefix)
  if (!letters) {
    letters = [...`${prefix}_${'0'.repeat(26)}`].map((letter) => letter.charCodeAt(0))
    lettersOf.set(prefix, letters)
  }
  return letters
}

/** Written into one array and made text at once, prefix and all: ids are made by the million. */
function encode<const Prefix extends string>(prefix: Prefix, bytes: Uint8Array): Id<Prefix> {
  const letters = lettersWith(prefix)
  let held = 0
  let bits = 2
  let letter = letters.length - 26
  for (let place = 0; place < 16; place += 1) {
    held = ((held << 8) | (bytes[place] as number)) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      letters[letter] = CODES[(held >> bits) & 31] as number
      letter += 1
    }
  }
  return String.fromCharCode(...letters) as Id<Prefix>
}
