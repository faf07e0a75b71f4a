import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePortPair } from './ports.ts'

/** An OpenSearch of a test's own, so that it can be killed without harm to other tests. */
export type OwnOpenSearch = Readonly<{
  url: string
  /** Starts it, again after it was killed; resolves when it answers. */
  start(): Promise<void>
  /** `kill -9`; resolves when its process is gone. */
  kill(): Promise<void>
  /** Deletes all that it has kept. It must not run. */
  wipe(): void
  close(): Promise<void>
}>

/** @param command what starts and stops engines, with a home and ports of its own by the environment */
export async function openOwnOpenSearch(command: string): Promise<OwnOpenSearch> {
  const home = mkdtempSync(join(tmpdir(), 'stoa-opensearch-'))
  const software = join(usualHome(), 'software')
  mkdirSync(software, { recursive: true })
  symlinkSync(software, join(home, 'software'))
  const port = await freePortPair()
  const env = {
    ...process.env,
    ENGINES_HOME: home,
    OPENSEARCH_PORT: String(port),
    OPENSEARCH_TRANSPORT_PORT: String(port + 1),
    OPENSEARCH_HEAP: '512m',
    ENGINES_START_TIMEOUT: '600',
  }
  const run = async (action: 'start' | 'stop') => {
    await promisify(execFile)(command, [action, 'opensearch'], { env })
  }
  return {
    url: `http://127.0.0.1:${port}`,
    start: () => run('start'),
    async kill() {
      const pid = Number(readFileSync(join(home, 'run', 'opensearch.pid'), 'utf8').split(' ')[0])
      process.kill(pid, 'SIGKILL')
      while (isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    wipe() {
      rmSync(join(home, 'data', 'opensearch'), { recursive: true, force: true })
    },
    async close() {
      await run('stop')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function usualHome(): string {
  const { ENGINES_HOME: given, XDG_CACHE_HOME: cache = join(homedir(), '.cache') } = process.env
  return given ?? join(cache, 'engines')
}
