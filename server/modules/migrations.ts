import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationSource } from '../platform/db/migrate.ts'

/** Migrations of the platform and of every module that has some, found by listing the folder. */
export function migrationSources(): MigrationSource[] {
  const here = import.meta.dirname
  const modules = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'migrations')))
    .map((entry) => ({ module: entry.name, folder: join(here, entry.name, 'migrations') }))
    .sort((a, b) => (a.module < b.module ? -1 : 1))
  return [{ module: 'platform', folder: join(here, '../platform/migrations') }, ...modules]
}
