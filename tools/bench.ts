import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../bench')
const names = readdirSync(folder)
  .filter((file) => /^[a-z-]+\.ts$/.test(file))
  .map((file) => file.slice(0, -3))
const [name, ...rest] = process.argv.slice(2)

if (name === undefined || name === '--help') {
  process.stdout.write(
    `npm run bench NAME [-- options]\n\nMeasures, prints a table, and writes bench/results/NAME.json. NAME is one of: ${names.join(', ')}.\nKeep the machine quiet meanwhile: two measurements at once measure each other.\n`,
  )
} else if (!/^[a-z-]+$/.test(name) || !existsSync(join(folder, `${name}.ts`))) {
  process.stderr.write(`There is no benchmark "${name}". There are: ${names.join(', ')}.\n`)
  process.exitCode = 1
} else {
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', join(folder, `${name}.ts`), ...rest],
    { stdio: 'inherit' },
  )
  process.exitCode = status ?? 1
}
