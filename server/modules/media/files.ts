import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Chance } from '../../platform/chance.ts'

/** A name that no other file beside it has. */
export function drawName(chance: Chance): string {
  return Buffer.from(chance.bytes(12)).toString('hex')
}

/** Writes a file that is there whole, also after a power cut, or not at all. */
export async function writeWhole(file: string, bytes: Uint8Array, chance: Chance): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${drawName(chance)}`
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
