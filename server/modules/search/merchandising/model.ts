import { SHOP_LOCALE } from '#contracts/catalog/schemas.ts'
import type { RuleEffect, SearchRule, SearchSynonym } from '#contracts/search/schemas.ts'
import { analyse, type Synonym } from '../engine/index.ts'

/** As many words in a row are looked up; the engines do the same. */
const LONGEST_RUN = 3
const MOST_SYNONYMS = 50

/** What is asked, as rules look at it. */
export type Question = Readonly<{
  text: string
  /** The chosen category's id. */
  categoryId: string | undefined
  at: Date
}>

/** The rules and synonyms of a moment, ready to be asked. */
export type Merchandise = Readonly<{
  version: number
  /** Those that some words of a text have: few, so that they travel with the query. */
  synonymsFor(text: string, locale: string | undefined): readonly Synonym[]
  /** The rules whose condition is met and whose time it is, the weightiest first. */
  rulesFor(question: Question): readonly SearchRule[]
}>

export const NOTHING = prepare({ version: 0, synonyms: [], rules: [] })

/** Makes look-ups of what an operator wrote. */
export function prepare({
  version,
  synonyms,
  rules,
}: Readonly<{
  version: number
  synonyms: readonly SearchSynonym[]
  rules: readonly SearchRule[]
}>): Merchandise {
  const byWords = Map.groupBy(
    synonyms.flatMap((synonym) => {
      const { from, to, oneWay } = synonym
      return (oneWay ? [from] : [from, ...to]).map((words) => ({
        key: termsOf(words).join(' '),
        synonym,
      }))
    }),
    ({ key }) => key,
  )
  return {
    version,
    synonymsFor(text, locale = SHOP_LOCALE) {
      if (byWords.size === 0) return []
      const found = new Set<SearchSynonym>()
      for (const run of runsOf(termsOf(text))) {
        for (const { synonym } of byWords.get(run) ?? []) {
          if (synonym.locale === null || isWithin(locale, synonym.locale)) found.add(synonym)
        }
      }
      return [...found]
        .slice(0, MOST_SYNONYMS)
        .map(({ from, to, oneWay }) => ({ from, to, ...(oneWay && { oneWay }) }))
    },
    rulesFor: (question) => {
      if (rules.length === 0) return []
      const terms = termsOf(question.text)
      return rules.filter((rule) => isInTime(rule, question.at) && meets(rule, question, terms))
    },
  }
}

/** Whether a rule's condition is met, whatever the time. */
export function isMetBy(rule: SearchRule, question: Question): boolean {
  return meets(rule, question, termsOf(question.text))
}

/** The path that a search leads to, if a rule says so. */
export function redirectOf(rules: readonly SearchRule[]): string | undefined {
  const rule = rules.find(({ effect }) => effect.kind === 'redirect')
  return rule?.effect.kind === 'redirect' ? rule.effect.path : undefined
}

/** A rule that changes the order of results. */
export type Ranking = Readonly<{
  rule: SearchRule
  effect: Exclude<RuleEffect, { kind: 'redirect' }>
}>

export function rankingsOf(rules: readonly SearchRule[]): readonly Ranking[] {
  return rules.flatMap((rule) =>
    rule.effect.kind === 'redirect' ? [] : [{ rule, effect: rule.effect }],
  )
}

function meets(
  { condition: { query, categoryId } }: SearchRule,
  question: Question,
  terms: readonly string[],
): boolean {
  if (categoryId !== undefined && categoryId !== question.categoryId) return false
  if (!query) return true
  const wanted = termsOf(query.words)
  if (wanted.length === 0) return false
  if (query.match === 'equals') return wanted.join(' ') === terms.join(' ')
  return terms.some((_, at) => wanted.every((term, place) => terms[at + place] === term))
}

function isInTime({ startsAt, endsAt }: SearchRule, at: Date): boolean {
  const now = at.toISOString()
  return (startsAt === null || startsAt <= now) && (endsAt === null || now < endsAt)
}

/** `de` holds in `de-AT`. */
function isWithin(locale: string, wider: string): boolean {
  const [one, other] = [locale.toLowerCase(), wider.toLowerCase()]
  return one === other || one.startsWith(`${other}-`)
}

function termsOf(text: string): readonly string[] {
  return analyse(text).map(({ term }) => term)
}

function runsOf(terms: readonly string[]): string[] {
  return terms.flatMap((_, from) =>
    Array.from({ length: Math.min(LONGEST_RUN, terms.length - from) }, (_, more) =>
      terms.slice(from, from + more + 1).join(' '),
    ),
  )
}
