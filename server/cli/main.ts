import { ConfigError } from '../config.ts'
import { StartError } from '../platform/embedded-postgres/index.ts'
import { type Command, CommandError, print, runCommand } from './command.ts'

/** Each is loaded when it is called: an import needs nothing of the storefront. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  seed: async () => (await import('./seed.ts')).seed,
  'load-demo': async () => (await import('./load-demo.ts')).loadDemoCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  operator: async () => (await import('./operator.ts')).operator,
  search: async () => (await import('./search.ts')).search,
  audit: async () => (await import('./audit.ts')).audit,
  events: async () => (await import('./events.ts')).events,
  keys: async () => (await import('./keys.ts')).keys,
  'payment-page': async () => (await import('./payment-page.ts')).paymentPage,
  privacy: async () => (await import('./privacy.ts')).privacy,
  'audit-log': async () => (await import('./audit-log.ts')).auditLog,
}

async function usage(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const width = Math.max(...commands.map((command) => command.name.length))
  return [
    'stoa: an open marketplace platform\n',
    'Usage: stoa COMMAND [options]\n',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '\nEach command has --help. Settings are environment variables: see `stoa start --help`.',
  ].join('\n')
}

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(await usage())
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) throw new CommandError(`There is no command "${name}".`, 'See `stoa --help`.')
  return runCommand(await load(), rest)
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
