import { totalmem } from 'node:os'
import type { Binaries } from './binaries.ts'

export const SETTINGS_FILE = 'stoa.conf'

export type SettingsInput = Readonly<{
  port: number
  sharedBuffersMb: number
  binaries: Binaries
  overrides: Readonly<Record<string, string>>
}>

const MIB = 2 ** 20

/**
 * An eighth of the memory of this machine, or of the container: PostgreSQL's manual advises a quarter where it is alone.
 * What is written again and again must find room: the newest pages of each shard of each index, a gigabyte from a million orders on.
 */
export function sparedBuffersMb(
  memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
): number {
  return Math.min(4_096, Math.max(128, Math.floor(memoryBytes / 8 / MIB)))
}

/**
 * The settings file, written anew at every start: durable, and sized for a laptop of 2 to 8 cores. What an
 * operator changes by ALTER SYSTEM wins over it.
 */
export function renderSettings(input: SettingsInput): string {
  const settings: Record<string, string> = {
    port: String(input.port),
    listen_addresses: '127.0.0.1',
    // A socket's path may be 107 bytes long, a data folder's may be longer.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${input.sharedBuffersMb}MB`,
    effective_cache_size: `${input.sharedBuffersMb * 4}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'logical',
    // The binaries are built without lz4; `on` is pglz, which every build has.
    wal_compression: 'on',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    random_page_cost: '1.1',
    track_io_timing: 'on',
    autovacuum: 'on',
    shared_preload_libraries: input.binaries.hasStatementStatistics ? 'pg_stat_statements' : '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // %e is the SQLSTATE, by which a failed start is told from another.
    log_line_prefix: '%m [%p] %e ',
    log_min_duration_statement: '1000',
    ...input.overrides,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${quote(value)}'`)
  return `# Written by Stoa at every start; use ALTER SYSTEM for your own.\n${lines.join('\n')}\n`
}

/** The port of the last start, which the settings file remembers. */
export function readPort(settings: string): number | undefined {
  const found = settings.match(/^port = '(\d+)'$/m)
  return found ? Number(found[1]) : undefined
}

function quote(value: string): string {
  return value.replaceAll("'", "''")
}
