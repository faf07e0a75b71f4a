import { ConfigError } from '../config.ts'
import { StartError } from '../platform/embedded-postgres/index.ts'
import { audit } from './audit.ts'
import { type Command, CommandError, print, runCommand } from './command.ts'
import { events } from './events.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { loadDemoCommand } from './load-demo.ts'
import { migrateCommand } from './migrate.ts'
import { operator } from './operator.ts'
import { search } from './search.ts'
import { seed } from './seed.ts'
import { start } from './start.ts'

const COMMANDS: readonly Command[] = [
  start,
  importCommand,
  exportCommand,
  seed,
  loadDemoCommand,
  migrateCommand,
  operator,
  search,
  audit,
  events,
]

function usage(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length))
  return [
    'stoa: an open marketplace platform\n',
    'Usage: stoa COMMAND [options]\n',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '\nEach command has --help. Settings are environment variables: see `stoa start --help`.',
  ].join('\n')
}

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(usage())
    return 0
  }
  const command = COMMANDS.find((one) => one.name === name)
  if (!command) throw new CommandError(`There is no command "${name}".`, 'See `stoa --help`.')
  return runCommand(command, rest)
}

/** Mistakes of the person or the machine are told in sentences; anything else shows its stack. */
function tell(error: unknown): void {
  if (error instanceof ConfigError) {
    for (const mistake of error.mistakes) process.stderr.write(`stoa: ${mistake}\n`)
  } else if (error instanceof CommandError || error instanceof StartError) {
    process.stderr.write(`stoa: ${error.message}\n${error.hint ? `      ${error.hint}\n` : ''}`)
  } else {
    process.stderr.write(
      `stoa: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  tell(error)
  process.exitCode = 1
}
