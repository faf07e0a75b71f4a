import { de } from './de.ts'
import { en } from './en.ts'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** All words of the shop in one language. A new language is one more file of this type. */
export type Messages = typeof en

const TABLES: Readonly<Record<Language, Messages>> = { en, de }

export function messagesFor(language: Language): Messages {
  return TABLES[language]
}
