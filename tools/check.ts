import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const HELP = `npm run check

Types (tsc), style (biome) and structure (tests/architecture: walls between modules, house rules, generated files).
Takes a few seconds; \`npm test\` runs it first.`

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

const STEPS: readonly [name: string, command: string, words: readonly string[]][] = [
  ['types', bin('tsc'), ['--noEmit', '-p', root]],
  ['style', bin('biome'), ['check', '--error-on-warnings', root]],
  [
    'structure',
    process.execPath,
    ['--test', '--test-reporter=dot', 'tests/architecture/*.test.ts'],
  ],
]

if (process.argv.includes('--help')) process.stdout.write(`${HELP}\n`)
else {
  for (const [name, command, words] of STEPS) {
    const began = performance.now()
    const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`)
    if (status !== 0) process.exitCode = 1
  }
}
