import type { Account } from '#contracts/identity/schemas.ts'
import { type LetterBlock, writeLetter } from '../../platform/mail/letter.ts'
import type { Mail } from '../../platform/mail/mailbox.ts'
import { lettersAr } from './letters/ar.ts'
import { lettersDe } from './letters/de.ts'
import { lettersEn } from './letters/en.ts'
import { lettersEs } from './letters/es.ts'
import { lettersJa } from './letters/ja.ts'
import type { LetterName, Letters } from './letters/letter.ts'

export type MailLanguage = NonNullable<Account['preferences']['language']>

const LETTERS: Readonly<Record<MailLanguage, Letters>> = {
  en: lettersEn,
  de: lettersDe,
  es: lettersEs,
  ja: lettersJa,
  ar: lettersAr,
}

/** A letter in the reader's language. Line breaks in a name cannot change its shape. */
export function writeMail(
  letter: LetterName,
  input: Readonly<{ to: string; name?: string; link: string; language: MailLanguage | null }>,
): Mail {
  const language = input.language ?? 'en'
  const { subject, lines } = LETTERS[language][letter]
  const name = (input.name ?? '').replace(/\s+/g, ' ').replace(/https?:\/\/|www\./gi, '')
  const blocks = lines.map(
    (line): LetterBlock =>
      line === '{link}'
        ? { kind: 'link', url: input.link }
        : { kind: 'text', text: line.replace('{name}', () => name) },
  )
  return { to: input.to, ...writeLetter({ language, subject, blocks }) }
}
