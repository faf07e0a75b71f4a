import type { Language } from '#contracts/kit/language.ts'
import { wordsAr } from './ar.ts'
import { wordsDe } from './de.ts'
import { wordsEn } from './en.ts'
import { wordsEs } from './es.ts'
import { wordsJa } from './ja.ts'
import type { LetterWords, Said } from './words.ts'

const WORDS: Readonly<Record<Language, LetterWords>> = {
  en: wordsEn,
  de: wordsDe,
  es: wordsEs,
  ja: wordsJa,
  ar: wordsAr,
}

export function wordsIn(language: Language): LetterWords {
  return WORDS[language]
}

/** Puts values in. What people typed stays on one line and makes no link. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : oneLine(value)
  })
}

export function fillBoth(said: Said, values: Readonly<Record<string, string>>): Said {
  return { subject: fill(said.subject, values), text: fill(said.text, values) }
}

export function oneLine(text: string): string {
  return text.replace(/[^\S\u00a0\u202f]+/g, ' ').replace(/https?:\/\/|www\./gi, '')
}
