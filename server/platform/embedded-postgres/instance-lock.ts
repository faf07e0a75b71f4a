import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { folderError, StartError } from './start-error.ts'

export type InstanceLock = Readonly<{ release(): void }>

const SQLITE_BUSY = 5

/** Kept from the garbage collector: a lock ends when its file is closed. */
const held = new Set<DatabaseSync>()

/**
 * Makes this process the folder's only user. The operating system itself holds the lock (through SQLite, the one
 * way to a file lock that Node brings), so it ends with its process however that ends, and no stale lock exists.
 * The pid beside it only serves the sentence that a second instance gets.
 *
 * @throws StartError `already_running` | `folder_unusable`
 */
export function takeInstanceLock(dataFolder: string): InstanceLock {
  const holderFile = join(dataFolder, 'lock-holder.json')
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(dataFolder, 'lock.db'), { timeout: 0 })
    lock.exec('begin exclusive')
    writeFileSync(holderFile, JSON.stringify({ pid: process.pid }))
  } catch (error) {
    lock?.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY)
      throw folderError(dataFolder, error)
    throw alreadyRunning(dataFolder, readHolder(holderFile))
  }
  const database = lock
  held.add(database)
  return {
    release() {
      if (held.delete(database)) database.close()
    },
  }
}

function readHolder(file: string): string {
  try {
    const { pid }: { pid: number } = JSON.parse(readFileSync(file, 'utf8'))
    return `process ${pid}`
  } catch {
    return 'a process that is just starting'
  }
}

function alreadyRunning(dataFolder: string, holder: string): StartError {
  return new StartError({
    code: 'already_running',
    message: `Another Stoa (${holder}) already runs on the data folder ${dataFolder}.`,
    hint: 'Stop that one first, or set STOA_HOME (and PORT) to start a second one beside it.',
  })
}
