import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

const CHECKSUM_BYTES = 4
/** Files are read and written by pieces: one call takes 2 GB, and a checksum 4 GB, at most. */
const PIECE_BYTES = 16 * 1024 * 1024

/** A file that is not what was written: the index must be rebuilt from its source. */
export class DamagedIndexError extends Error {
  override readonly name = 'DamagedIndexError'
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(file, bytes, at, bytes.length - at)
  }
}

/** Writes the parts and their checksum to a name of their own, then puts the file in place. */
export function writeSealed(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.tmp`
  const file = openSync(temporary, 'w')
  try {
    let checksum = 0
    for (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE_BYTES) {
        const piece = part.subarray(at, at + PIECE_BYTES)
        writeAll(file, piece)
        checksum = crc32(piece, checksum)
      }
    }
    const trailer = Buffer.alloc(CHECKSUM_BYTES)
    trailer.writeUInt32LE(checksum)
    writeAll(file, trailer)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

/**
 * Reads a file of `writeSealed` into shared memory.
 * @throws DamagedIndexError when the file is missing, cut short or altered
 */
export function readSealed(path: string): SharedArrayBuffer {
  const file = openOrThrow(path)
  try {
    const size = fstatSync(file).size - CHECKSUM_BYTES
    if (size < 0) {
      throw new DamagedIndexError(`${path} is cut short; rebuild the index`)
    }
    const buffer = new SharedArrayBuffer(size)
    let checksum = 0
    for (let at = 0; at < size; ) {
      const part = new Uint8Array(buffer, at, Math.min(PIECE_BYTES, size - at))
      const count = readSync(file, part, 0, part.length, at)
      if (count === 0) {
        throw new DamagedIndexError(`${path} is cut short; rebuild the index`)
      }
      checksum = crc32(part.subarray(0, count), checksum)
      at += count
    }
    const trailer = Buffer.alloc(CHECKSUM_BYTES)
    readSync(file, trailer, 0, CHECKSUM_BYTES, size)
    if (trailer.readUInt32LE() !== checksum) {
      throw new DamagedIndexError(`${path} does not match its checksum; rebuild the index`)
    }
    return buffer
  } finally {
    closeSync(file)
  }
}

function openOrThrow(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new DamagedIndexError(`${path} cannot be opened; rebuild the index`, { cause })
  }
}
