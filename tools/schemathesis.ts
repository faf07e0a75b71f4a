import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../tests/support/shop-process.ts'

const HELP = `npm run test:schemathesis

Asks a shop of its own what its OpenAPI document makes Schemathesis think of, as the operator and as a guest: no answer
may be a 5xx, and each must be as the document says. Takes about three minutes, and the first time a minute more: it
needs python3, and installs Schemathesis from PyPI into node_modules/.cache. Ends with the line "N passed, N failed".`

const VERSION = '4.32.5'
const SECONDS_A_ROUND = 75
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]

const root = join(import.meta.dirname, '..')
const folder = join(root, 'node_modules/.cache', `schemathesis-${VERSION}`)
const program = join(folder, 'bin/schemathesis')

/** @returns false if there is no Python, or nothing could be fetched. */
function install(): boolean {
  if (existsSync(program)) return true
  const run = (command: string, words: readonly string[]) =>
    spawnSync(command, words, { stdio: 'inherit' }).status === 0
  return (
    run('python3', ['-m', 'venv', folder]) &&
    run(join(folder, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`])
  )
}

/** One round as one caller. @returns whether all went well */
function attack({ url }: ShopProcess, headers: readonly string[]): boolean {
  const words = [
    ...['run', `${url}/api/openapi.json`, '--url', url],
    ...headers.flatMap((header) => ['--header', header]),
    ...['--checks', CHECKS.join(',')],
    ...['--phases', 'examples,coverage,fuzzing', '--workers', '1'],
    ...['--max-time', String(SECONDS_A_ROUND), '--request-timeout', '10', '--continue-on-failure'],
    // A stream has no end to wait for.
    ...['--exclude-path', '/api/v1/live'],
    ...['--suppress-health-check', 'all', '--warnings', 'off', '--generation-deterministic'],
  ]
  return spawnSync(program, words, { cwd: folder, stdio: 'inherit' }).status === 0
}

async function run(): Promise<void> {
  if (!install()) {
    process.stdout.write('Schemathesis cannot be installed here: nothing was tried.\n')
    process.stdout.write('0 passed, 0 failed\n')
    return
  }
  const home = temporaryHome()
  const data = await smallDataFolder(10)
  try {
    const shop = await startShopProcess({ home: home.home, dataFolder: data.folder })
    const rounds = [
      attack(shop, [`Authorization: Bearer ${shop.operatorKey()}`]),
      // From an address that is counted: 429 is an answer that the document names.
      attack(shop, ['X-Forwarded-For: 198.51.100.7']),
    ]
    const healthy = (await fetch(`${shop.url}/health/ready`)).status === 200
    const failed = [...rounds, healthy].filter((went) => !went).length
    process.stdout.write(`\n${rounds.length + 1 - failed} passed, ${failed} failed\n`)
    process.exitCode = failed > 0 ? 1 : 0
  } finally {
    await killShops()
    data.remove()
    home.remove()
  }
}

if (process.argv.includes('--help')) process.stdout.write(`${HELP}\n`)
else await run()
