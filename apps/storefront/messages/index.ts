import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type Messages } from './en.ts'
import { es } from './es.ts'
import { ja } from './ja.ts'

export type { Messages } from './en.ts'

const TABLES = { en, de, es, ja, ar } as const satisfies Readonly<Record<string, Messages>>

export type Language = keyof typeof TABLES

/** In the order in which shoppers choose from them; the first is for whom nothing is known. */
export const LANGUAGES = Object.keys(TABLES) as readonly Language[]

export function messagesFor(language: Language): Messages {
  return TABLES[language]
}

export function isLanguage(text: unknown): text is Language {
  return typeof text === 'string' && Object.hasOwn(TABLES, text)
}
