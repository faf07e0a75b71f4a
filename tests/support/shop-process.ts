import { type ChildProcess, spawn } from 'node:child_process'
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip, gzipSync } from 'node:zlib'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import type { Fault } from './faults.ts'
import { freePortPair } from './ports.ts'

const ROOT = join(import.meta.dirname, '../..')

export type ShopProcess = Readonly<{
  url: string
  home: string
  /** Number of the process. */
  pid: number
  operatorKey(): string
  client: Client
  /** Everything it printed so far. */
  output(): string
  /** Hands a fault to a shop that was started with `faulty`. */
  tell(fault: Fault): void
  /** Resolves when it has come to the point at which it was told to hold. */
  held(): Promise<void>
  /** Resolves when the process has ended, by itself or not. */
  ended: Promise<number | null>
  /** Ends the process (not its PostgreSQL when the signal is SIGKILL) and waits for it. */
  kill(signal: NodeJS.Signals): Promise<number | null>
}>

export type ShopProcessOptions = Readonly<{
  home: string
  dataFolder: string
  port?: number
  env?: Readonly<Record<string, string>>
  readyMs?: number
  /** Starts one that takes faults by `tell`. */
  faulty?: boolean
}>

/** Shops that still run; a test that fails must not leave one behind. */
const running = new Set<ChildProcess>()

/** Kills every shop that this test file started and has not ended itself. */
export async function killShops(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 15_000).unref()
      return gone
    }),
  )
}

/** Starts `stoa start` as a process of its own and waits until it is ready. */
export async function startShopProcess({
  home,
  dataFolder,
  port,
  env = {},
  readyMs = 300_000,
  faulty = false,
}: ShopProcessOptions): Promise<ShopProcess> {
  const chosen = port ?? (await freePortPair())
  const program = faulty ? ['tests/support/faulty-shop.ts'] : ['server/cli/main.ts', 'start']
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe', ...(faulty ? (['ipc'] as const) : [])],
    env: {
      ...cleanEnvironment(),
      PORT: String(chosen),
      STOA_HOME: home,
      STOA_DATA: dataFolder,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
      ...env,
    },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk))
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  )
  const url = `http://127.0.0.1:${chosen}`
  await untilReady(url, child, readyMs, () => output)
  return {
    url,
    home,
    pid: child.pid ?? 0,
    output: () => output,
    client: createClient({ transport: httpTransport(url) }),
    operatorKey: () =>
      (JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as { operatorApiKey: string })
        .operatorApiKey,
    tell: (fault) => child.send(fault),
    held: () => new Promise((resolve) => child.once('message', () => resolve())),
    ended: exited,
    kill(signal) {
      child.kill(signal)
      return exited
    },
  }
}

async function untilReady(
  url: string,
  child: ChildProcess,
  readyMs: number,
  output: () => string,
): Promise<void> {
  const deadline = performance.now() + readyMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`The shop ended with code ${child.exitCode}:\n${output()}`)
    const ready = await fetch(`${url}/health/ready`).then(
      (reply) => reply.status === 200,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`The shop was not ready within ${readyMs} ms:\n${output()}`)
}

/** Runs a `stoa` command to its end. */
export async function runStoa(
  words: readonly string[],
  { home, dataFolder, env = {} }: Omit<ShopProcessOptions, 'port' | 'readyMs'>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'server/cli/main.ts'), ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...cleanEnvironment(),
      STOA_HOME: home,
      STOA_DATA: dataFolder,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
      ...env,
    },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  // Not when it ends: what it printed last may be on its way then.
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(STOA_|DATABASE_URL|REDIS_URL|MONGODB_URL|OPENSEARCH_URL|PORT$|NODE_TEST_CONTEXT)/.test(
        name,
      ),
  )
  return Object.fromEntries(kept) as Record<string, string>
}

/** A temporary home that is removed by `remove`. */
export function temporaryHome(): Readonly<{ home: string; remove(): void }> {
  const home = mkdtempSync(join(tmpdir(), 'stoa-home-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}

/** The demo data cut to the first rows of each set, so that a shop starts in seconds. */
export async function smallDataFolder(
  rows = 60,
): Promise<Readonly<{ folder: string; remove(): void }>> {
  const folder = mkdtempSync(join(tmpdir(), 'stoa-data-'))
  const source = join(ROOT, 'data')
  symlinkSync(join(source, 'reference'), join(folder, 'reference'))
  mkdirSync(join(folder, 'demo'))
  for (const name of ['categories', 'sellers', 'warehouses']) {
    symlinkSync(join(source, `demo/${name}.jsonl.gz`), join(folder, `demo/${name}.jsonl.gz`))
  }
  for (const set of ['icecat', 'goodbooks', 'grocer', 'pricerunner', 'openfoodfacts']) {
    const file = `demo/products-${set}.jsonl.gz`
    const lines: string[] = []
    for await (const line of createInterface({
      input: createReadStream(join(source, file)).pipe(createGunzip()),
    })) {
      lines.push(line)
      if (lines.length >= rows) break
    }
    writeFileSync(join(folder, file), gzipSync(`${lines.join('\n')}\n`))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
