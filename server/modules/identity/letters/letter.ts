export const LETTER_NAMES = [
  'prove',
  'known',
  'reset',
  'change',
  'changed',
  'device',
  'invited',
  'yourData',
] as const
export type LetterName = (typeof LETTER_NAMES)[number]

/** What a letter says, a paragraph a line; `{link}` and `{name}` are put in. */
export type Letter = Readonly<{ subject: string; lines: readonly string[] }>

export type Letters = Readonly<Record<LetterName, Letter>>
