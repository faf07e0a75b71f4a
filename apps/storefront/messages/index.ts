import { ar } from './ar/index.ts'
import { de } from './de/index.ts'
import { en, type Messages } from './en/index.ts'
import { es } from './es/index.ts'
import { ja } from './ja/index.ts'

export type { Messages } from './en/index.ts'

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
