/** Which forms a counted word has in each language; `Intl.PluralRules` says which one a number takes. */
export const PLURAL_FORMS = {
  en: ['one', 'other'],
  de: ['one', 'other'],
  es: ['one', 'many', 'other'],
  ja: ['other'],
  ar: ['zero', 'one', 'two', 'few', 'many', 'other'],
} as const

type PluralForms = typeof PLURAL_FORMS
type Form<L extends keyof PluralForms> = PluralForms[L][number]

/** @returns picks the form that a number takes; a language's messages have to give all its forms. */
export function pluralOf<L extends keyof PluralForms>(language: L) {
  const rules = new Intl.PluralRules(language)
  return (n: number, forms: Readonly<Record<Form<L>, string>>): string =>
    forms[rules.select(n) as Form<L>]
}
