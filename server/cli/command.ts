import { type ParseArgsConfig, parseArgs } from 'node:util'

/** One subcommand of `stoa`. */
export type Command = Readonly<{
  name: string
  summary: string
  /** What `--help` prints after the usage. */
  help: string
  usage: string
  options: NonNullable<ParseArgsConfig['options']>
  /** @returns the exit code. */
  run(
    options: Readonly<Record<string, string | boolean | undefined>>,
    words: readonly string[],
  ): Promise<number>
}>

/** A mistake of the person at the terminal, or of their machine: one sentence and what to do next. */
export class CommandError extends Error {
  readonly hint: string
  constructor(message: string, hint = '') {
    super(message)
    this.name = 'CommandError'
    this.hint = hint
  }
}

export function print(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** Parses and runs a command. @throws CommandError for words that it does not take. */
export async function runCommand(command: Command, words: readonly string[]): Promise<number> {
  const options = { ...command.options, help: { type: 'boolean' as const, short: 'h' } }
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (error) {
    throw new CommandError((error as Error).message, `See \`stoa ${command.name} --help\`.`)
  }
  if (parsed.values['help']) {
    print(`${command.summary}\n\nUsage: ${command.usage}\n\n${command.help}`)
    return 0
  }
  return command.run(
    parsed.values as Record<string, string | boolean | undefined>,
    parsed.positionals,
  )
}

/** A whole number given by option. @throws CommandError */
export function wholeNumber(
  value: string | boolean | undefined,
  name: string,
  standard: number,
): number {
  if (value === undefined) return standard
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new CommandError(`--${name} takes a whole number, not "${value}".`)
  return number
}
