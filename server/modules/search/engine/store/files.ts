import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openSegment, type Segment } from '../segment/segment.ts'
import type { Market } from '../types.ts'
import { decodeLive, encodeLive } from './live-file.ts'
import { DamagedIndexError, readSealed, writeSealed } from './sealed.ts'

/** All that is kept of an index. */
export type Snapshot = Readonly<{
  segments: readonly Segment[]
  /** Where in the caller's log of changes the index stands; opaque to the engine. */
  cursor: string | null
  defaultMarket: Market | null
}>

type Manifest = Readonly<{
  format: number
  generation: number
  cursor: string | null
  defaultMarket: Market | null
  plain: boolean
  segments: readonly Readonly<{ words: string; live: string }>[]
}>

const FORMAT = 1
const MANIFEST = 'manifest.json'

/** Which file of which folder a segment was saved as, so that it is written once. */
const savedAs = new WeakMap<Segment, string>()

function wordsFile(folder: string, segment: Segment): string | null {
  const path = savedAs.get(segment)
  return path !== undefined && dirname(path) === join(folder) ? basename(path) : null
}

function readManifest(folder: string): Manifest | null {
  if (!readdirSync(folder).includes(MANIFEST)) {
    return null
  }
  const path = join(folder, MANIFEST)
  const text = Buffer.from(readSealed(path)).toString('utf8')
  const manifest = JSON.parse(text) as Manifest
  if (manifest.format !== FORMAT) {
    throw new DamagedIndexError(
      `${path} is of format ${manifest.format}, this build reads ${FORMAT}; rebuild the index`,
    )
  }
  return manifest
}

function lastGeneration(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(/^\w+-(\d+)/.exec(name)?.[1] ?? 0))
  return Math.max(0, ...numbers)
}

/**
 * Saves an index. The manifest comes last and names all other files, so that a crash at any moment
 * leaves the earlier state or the new one. A segment's words are written once, its prices, stock and
 * deletions each time.
 */
export function saveSnapshot(folder: string, snapshot: Snapshot, plain: boolean): void {
  mkdirSync(folder, { recursive: true })
  const generation = lastGeneration(folder) + 1
  const segments = snapshot.segments.map((segment, i) => {
    const words = wordsFile(folder, segment) ?? `words-${generation}-${i}`
    if (wordsFile(folder, segment) === null) {
      writeSealed(join(folder, words), [new Uint8Array(segment.buffer)])
      savedAs.set(segment, join(folder, words))
    }
    const live = `live-${generation}-${i}`
    writeSealed(join(folder, live), encodeLive(segment.live))
    return { words, live }
  })
  const { cursor, defaultMarket } = snapshot
  const manifest: Manifest = { format: FORMAT, generation, cursor, defaultMarket, plain, segments }
  writeSealed(join(folder, MANIFEST), [Buffer.from(JSON.stringify(manifest))])
  const kept = new Set([MANIFEST, ...segments.flatMap(({ words, live }) => [words, live])])
  for (const name of readdirSync(folder)) {
    if (!kept.has(name) && /^(?:words|live|manifest)\b/.test(name)) {
      rmSync(join(folder, name))
    }
  }
}

/**
 * Loads what `saveSnapshot` wrote; null from a folder without an index.
 * @throws DamagedIndexError when a file is missing, altered, or of another format
 */
export function loadSnapshot(folder: string, plain: boolean): Snapshot | null {
  mkdirSync(folder, { recursive: true })
  const manifest = readManifest(folder)
  if (manifest === null) {
    return null
  }
  if (manifest.plain !== plain) {
    throw new DamagedIndexError(`${folder} holds an index of the other kind; rebuild the index`)
  }
  const segments = manifest.segments.map(({ words, live }) => {
    const buffer = readSealed(join(folder, words))
    const columns = readSealed(join(folder, live))
    try {
      const segment = openSegment(buffer, decodeLive(columns))
      savedAs.set(segment, join(folder, words))
      return segment
    } catch (cause) {
      throw new DamagedIndexError(`${join(folder, words)} cannot be read; rebuild the index`, {
        cause,
      })
    }
  })
  return { segments, cursor: manifest.cursor, defaultMarket: manifest.defaultMarket }
}
