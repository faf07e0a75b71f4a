import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { freePortPair } from './ports.ts'

const run = promisify(execFile)
const VERSION = 'v0.203.0'
const MODULE = 'github.com/stripe/stripe-mock'
const INSTALL_MS = 180_000
const START_MS = 15_000

/** Go as its installer puts it, if it is not in the path. */
const GO = ['go', '/usr/local/go/bin/go']

/**
 * Stripe's own mock of its API, built by Go once and kept in the temporary folder.
 * @returns its address, or why it cannot be had here.
 */
export async function openStripeMock(): Promise<{ url: string } | { reason: string }> {
  const folder = join(tmpdir(), 'stoa-stripe-mock')
  const program = join(folder, 'stripe-mock')
  if (!existsSync(program)) {
    const reason = await install(folder)
    if (reason) return { reason }
  }
  const port = await freePortPair()
  const mock = spawn(program, ['-http-port', String(port)], { stdio: 'ignore' })
  after(() => mock.kill())
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; waited < START_MS; waited += 100) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { reason: 'stripe-mock does not start' }
}

async function install(folder: string): Promise<string | null> {
  for (const go of GO) {
    try {
      await run(go, ['install', `${MODULE}@${VERSION}`], {
        env: { ...process.env, GOBIN: folder },
        timeout: INSTALL_MS,
      })
      return null
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') {
        return `stripe-mock cannot be built: ${(error as Error).message.split('\n')[0]}`
      }
    }
  }
  return 'Go, which builds stripe-mock, is not installed'
}
