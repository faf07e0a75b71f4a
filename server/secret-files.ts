import { readFileSync } from 'node:fs'

type Environment = Readonly<Record<string, string | undefined>>

const SECRET = /SECRET|KEY(S|_ID)?$|^(DATABASE|REDIS|MONGODB|SMTP|OPENSEARCH)_URL$|PASSWORD|TOKEN$/

/** Whether a setting holds a secret, or an address that may have a password in it. */
export function isSecret(name: string): boolean {
  return SECRET.test(name)
}

/**
 * Reads the secrets that are named by files (`DATABASE_URL_FILE=/run/secrets/database`), as containers and systemd
 * hand them over.
 * @param names all settings.
 * @returns the environment with what the files say, where each of those came from, and a sentence for every mistake.
 */
export function readSecretFiles(
  environment: Environment,
  names: readonly string[],
): Readonly<{ environment: Environment; files: Record<string, string>; mistakes: string[] }> {
  const values: Record<string, string | undefined> = { ...environment }
  const files: Record<string, string> = {}
  const mistakes: string[] = []
  for (const name of names) {
    const file = environment[`${name}_FILE`]
    if (!file) continue
    if (!isSecret(name)) {
      mistakes.push(`${name}_FILE is not a setting of Stoa: only secrets are read from files.`)
    } else if (environment[name]) {
      mistakes.push(`${name} and ${name}_FILE are both set: leave one of them out.`)
    } else {
      try {
        values[name] = readSecretFile(file)
        files[name] = file
      } catch (error) {
        mistakes.push(`${name}_FILE: ${(error as Error).message}.`)
      }
    }
  }
  return { environment: values, files, mistakes }
}

/** A secret without the line's end that editors add. @throws Error that names the file. */
export function readSecretFile(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code = String(error) } = error as { code?: string }
    throw new Error(`the file ${file} cannot be read (${code})`)
  }
  if (text === '') throw new Error(`the file ${file} is empty`)
  return text
}
