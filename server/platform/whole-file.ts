import { open, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a new file from bytes as they come: it is there whole, or not at all. It is opened before the
 * first byte, for a stream that opens by itself may make the file after its removal.
 * @throws what the sender or the disk throws
 */
export async function writeWhole(
  file: string,
  chunks: () => AsyncIterable<Uint8Array>,
): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await pipeline(chunks, handle.createWriteStream())
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}
