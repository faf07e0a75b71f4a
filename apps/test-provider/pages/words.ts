import { ar } from './words/ar.ts'
import { de } from './words/de.ts'
import { type BankWords, en } from './words/en.ts'
import { es } from './words/es.ts'
import { ja } from './words/ja.ts'

export type { BankWords } from './words/en.ts'

const LANGUAGES: ReadonlyMap<string, BankWords> = new Map(Object.entries({ en, de, es, ja, ar }))

/**
 * The words of the bank's pages in the language that the shop names (`de`, `de-AT`), else in the
 * first of the browser's that is spoken here, else in English.
 */
export function wordsFor(locale: string | null, acceptLanguage = ''): BankWords {
  const wanted = [locale ?? '', ...acceptLanguage.split(',')]
  for (const tag of wanted) {
    const words = LANGUAGES.get(tag.trim().slice(0, 2).toLowerCase())
    if (words) return words
  }
  return en
}
