import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { systemClock } from '../clock.ts'

const POLL_MS = 10

/**
 * Whether the process is a postmaster on this folder. A pid alone proves nothing: pids come again, in containers
 * soon. Backends do not count, as they show another title.
 */
export function isPostmasterOf(pid: number, folder: string): boolean {
  const words = commandLine(pid)
  return words.includes('postgres -D ') && words.includes(`-D ${folder} `)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The words of the command with a blank after each; empty for a process that is gone or a zombie. */
function commandLine(pid: number): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  }
  const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return ps.status === 0 ? `${ps.stdout.trim()} ` : ''
}

/** Stops what `isRunning` watches by ever harder signals, each given its time. */
export async function stopBySignals(input: {
  kill(signal: NodeJS.Signals): void
  isRunning(): boolean
}): Promise<void> {
  // Fast shutdown; immediate shutdown (the next start recovers from the log, losing nothing); and the last resort.
  const ladder = [
    { signal: 'SIGINT', patienceMs: 20_000 },
    { signal: 'SIGQUIT', patienceMs: 5_000 },
    { signal: 'SIGKILL', patienceMs: 5_000 },
  ] as const
  for (const { signal, patienceMs } of ladder) {
    if (!input.isRunning()) return
    input.kill(signal)
    for (let waitedMs = 0; waitedMs < patienceMs && input.isRunning(); waitedMs += POLL_MS) {
      await systemClock.sleep(POLL_MS)
    }
  }
}
