import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { identityProblem } from '#contracts/identity/problems.ts'

/** ASVS 5, 6.2.1 and 6.2.9: at least 8 characters, and at least 64 of them allowed. */
const SHORTEST = 8
const LONGEST = 128

export type PasswordRules = Readonly<{
  /** @throws identity.password_too_short, identity.password_too_long, identity.password_common */
  check(password: string, context: Readonly<{ email: string; name: string }>): void
}>

/** Reads the list of passwords that are tried first (ASVS 5, 6.2.4 and 6.2.12). */
export async function readPasswordRules(referenceFolder: string): Promise<PasswordRules> {
  const file = await readFile(join(referenceFolder, 'common_passwords.txt.gz'))
  return createPasswordRules(gunzipSync(file).toString().split('\n'))
}

/** No rule asks for kinds of letters, and none ever asks for a change (ASVS 5, 6.2.5 and 6.2.10). */
function createPasswordRules(common: Iterable<string>): PasswordRules {
  const known = new Set(common)
  return {
    check(password, { email, name }) {
      const letters = [...password].length
      if (letters < SHORTEST)
        throw identityProblem('identity.password_too_short', { data: { shortest: SHORTEST } })
      if (letters > LONGEST)
        throw identityProblem('identity.password_too_long', { data: { longest: LONGEST } })
      const folded = password.toLowerCase()
      const own = [email, email.split('@')[0] ?? '', name, name.replaceAll(' ', '')]
      const isOwn = own.some((word) => word.length >= 4 && isNearly(folded, word.toLowerCase()))
      if (isOwn || known.has(folded) || known.has(withoutTail(folded)) || isMonotonous(folded))
        throw identityProblem('identity.password_common')
    },
  }
}

/** A word, perhaps with digits and marks behind it. */
function isNearly(password: string, word: string): boolean {
  return password === word || withoutTail(password) === word
}

function withoutTail(text: string): string {
  return text.replace(/[\d!?.$_-]{1,4}$/, '')
}

function isMonotonous(text: string): boolean {
  return new Set(text).size <= 2
}
