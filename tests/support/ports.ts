import { randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstEphemeral } from '../../server/platform/embedded-postgres/ports.ts'
import { isAlive } from '../../server/platform/embedded-postgres/processes.ts'

/** Below those that the embedded PostgreSQL takes, which asks nobody. */
const LAST = 20_000
const COUNT = 8_000
/** One file a claimed port, with the process that claimed it: test files run at once, and each restarts what it killed. */
const CLAIMS = join(tmpdir(), `stoa-test-ports-${process.getuid?.() ?? 0}`)
const claimed = new Set<string>()
process.once('exit', () => {
  for (const file of claimed) rmSync(file, { force: true })
})

/**
 * Two neighbouring free ports (a shop's, and the test provider's behind it) that stay this process's own until it ends,
 * even while nobody listens: no other test takes them, and the kernel gives them to no outgoing connection.
 */
export async function freePortPair(): Promise<number> {
  const last = Math.min(LAST, firstEphemeral())
  const first = Math.max(1_024, last - COUNT)
  for (let tries = 0; tries < 500; tries += 1) {
    const port = first + 2 * randomInt(Math.floor((last - first) / 2))
    if (claim(port) && (await isFree(port)) && (await isFree(port + 1))) return port
  }
  throw new Error('No two neighbouring ports are free')
}

function claim(port: number): boolean {
  const file = join(CLAIMS, String(port))
  mkdirSync(CLAIMS, { recursive: true })
  try {
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false
    rmSync(file)
  } catch {
    // Nobody claims it, or the one who did has just ended.
  }
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch {
    return false
  }
  claimed.add(file)
  return true
}

/** On every address: a program may listen on one of them only. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '0.0.0.0')) && (await canListen(port, '127.0.0.1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
