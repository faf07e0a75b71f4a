import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * Runs files or patterns by node:test, on a PostgreSQL of their own, and counts.
 * @param options.ends a file ends with its last test, whatever a client of an engine still waits for.
 * @param options.preload a module that each process of the tests loads first
 */
export async function runTests(
  files: readonly string[],
  options: Readonly<{ ends?: boolean; preload?: string }> = {},
): Promise<Readonly<{ passed: number; failed: number }>> {
  const words = [
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=2',
    ...(options.ends ? ['--test-force-exit'] : []),
    '--test-global-setup=tests/support/global-setup.ts',
    ...files,
  ]
  const child = spawn(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      ...(options.preload && { NODE_OPTIONS: `--import=${join(root, options.preload)}` }),
    },
  })
  let tail = ''
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk)
    tail = (tail + chunk.toString()).slice(-200_000)
  })
  const code = await new Promise<number>((resolve) =>
    child.once('close', (status) => resolve(status ?? 1)),
  )
  const count = (word: string) =>
    Number([...tail.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0)
  const failed = count('fail') + count('cancelled')
  return { passed: count('pass'), failed: failed === 0 && code !== 0 ? 1 : failed }
}
