import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { icon } from '../../lib/icons.ts'
import { sendPage } from '../../lib/layout.ts'
import { paths } from '../../lib/paths.ts'
import type { Components, Shop } from '../../lib/shop.ts'
import { visit } from '../../lib/visit.ts'
import { isLanguage, type Language, type Messages, messagesFor } from '../../messages/index.ts'
import { STANDARD } from './components.ts'

/** What a theme's program is handed, so that it imports nothing of the shop's. */
const KIT = { html, icon, paths, visit, sendPage, standard: STANDARD } as const
export type ThemeKit = typeof KIT

/** What a theme's program gives: parts of pages, and pages of its own. */
export type ThemeProgram = Readonly<{
  components?: Partial<Components>
  pages?: readonly ((app: FastifyInstance, shop: Shop) => void)[]
}>

export type Theme = ThemeProgram &
  Readonly<{
    /** Path of its style sheet; its rules come after, and win over, all others. */
    styles?: string
    /** Its words in place of the shop's, by language. */
    messages: ReadonlyMap<Language, Words>
  }>

type Words = Readonly<{ [name: string]: string | Words }>

/**
 * Reads a theme: `theme.css`, `messages/<language>.json` and `theme.ts`, each of which may be absent.
 * @throws Error that names the file and what is wrong in it.
 */
export async function loadTheme(folder: string): Promise<Theme> {
  const at = resolve(folder)
  if (!existsSync(at)) throw new Error(`There is no theme at ${at}`)
  const styles = join(at, 'theme.css')
  const program = join(at, 'theme.ts')
  const { default: make } = existsSync(program)
    ? ((await import(pathToFileURL(program).href)) as { default?: unknown })
    : { default: () => ({}) }
  if (typeof make !== 'function') throw new Error(`${program} has no function as its default`)
  return {
    ...((await make(KIT)) as ThemeProgram),
    ...(existsSync(styles) ? { styles } : {}),
    messages: readMessages(join(at, 'messages')),
  }
}

function readMessages(folder: string): ReadonlyMap<Language, Words> {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.json'))
    : []
  return new Map(
    files.map((file) => {
      const language = basename(file, '.json')
      if (!isLanguage(language))
        throw new Error(`${join(folder, file)} is of no language of the shop`)
      const words = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Words
      put(messagesFor(language), words, join(folder, file))
      return [language, words]
    }),
  )
}

/** A table of words with some replaced. What says how many of something is a function, and stays. */
function put<T extends object>(table: T, words: Words, file: string): T {
  const known = table as Readonly<Record<string, unknown>>
  const changed = Object.entries(words).map(([name, word]) => {
    const before = known[name]
    if (typeof before === 'string' && typeof word === 'string') return [name, word]
    if (typeof before === 'object' && before !== null && typeof word === 'object')
      return [name, put(before, word, file)]
    throw new Error(`${file}: the shop has no words "${name}" that can be replaced by these`)
  })
  return { ...table, ...Object.fromEntries(changed) }
}

/** The words of the shop under a theme, by language. */
export function wordsOf(theme: Theme | undefined): (language: Language) => Messages {
  const tables = new Map(
    [...(theme?.messages ?? [])].map(([language, words]) => [
      language,
      put(messagesFor(language), words, language),
    ]),
  )
  return (language) => tables.get(language) ?? messagesFor(language)
}

export function componentsOf(theme: Theme | undefined): Components {
  return { ...STANDARD, ...theme?.components }
}
