import { readFileSync, statfsSync } from 'node:fs'

export type StartErrorCode =
  | 'already_running'
  | 'binaries_missing'
  | 'disk_full'
  | 'folder_unusable'
  | 'port_taken'
  | 'no_user'
  | 'wrong_version'
  | 'failed'

/** Why the database cannot start, in one sentence for the person at the terminal, and what to do. */
export class StartError extends Error {
  readonly code: StartErrorCode
  readonly hint: string

  constructor(input: { code: StartErrorCode; message: string; hint: string; cause?: unknown }) {
    super(input.message, { cause: input.cause })
    this.name = 'StartError'
    this.code = input.code
    this.hint = input.hint
  }
}

const NEARLY_NOTHING_MB = 32

export function freeMegabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return (bavail * bsize) / 2 ** 20
}

export function diskFull(folder: string, cause?: unknown): StartError {
  const free = Math.floor(freeMegabytes(folder))
  return new StartError({
    code: 'disk_full',
    message: `The disk that holds ${folder} is full: ${free} MB are left.`,
    hint: 'Free some space, or set STOA_HOME to a folder on another disk.',
    cause,
  })
}

/** False also for a folder that cannot be asked. */
function isFull(folder: string): boolean {
  try {
    return freeMegabytes(folder) < NEARLY_NOTHING_MB
  } catch {
    return false
  }
}

/** Says in one sentence what an error of the file system means for this folder. Other errors stay as they are. */
export function folderError(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof StartError || code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT' || isFull(folder)) return diskFull(folder, error)
  return new StartError({
    code: 'folder_unusable',
    message: `The data folder ${folder} cannot be written (${code}).`,
    hint: 'Give this user the right to write there, or set STOA_HOME to another folder.',
    cause: error,
  })
}

/** What an early end of PostgreSQL or initdb means; the last lines of its log are the hint. */
export function failedStart(input: {
  message: string
  folder: string
  logFile: string
  cause?: unknown
}): StartError {
  if (isFull(input.folder)) return diskFull(input.folder, input.cause)
  const tail = readFileSync(input.logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n  ')
  return new StartError({
    code: 'failed',
    message: input.message,
    hint: `The end of its log, ${input.logFile}:\n  ${tail}`,
    cause: input.cause,
  })
}
