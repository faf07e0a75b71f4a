const IRREGULAR = new Map([
  ['men', 'man'],
  ['women', 'woman'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['knives', 'knife'],
  ['shelves', 'shelf'],
  ['scarves', 'scarf'],
  ['leaves', 'leaf'],
  ['loaves', 'loaf'],
  ['halves', 'half'],
  ['lenses', 'lens'],
  ['buses', 'bus'],
  ['gases', 'gas'],
])

const PLURAL_OF = new Map([...IRREGULAR].map(([plural, singular]) => [singular, plural]))

/** Words that end in s and are no plurals. */
const INVARIANT = new Set([
  ...['lens', 'gas', 'canvas', 'atlas', 'christmas', 'series', 'species', 'always', 'yes', 'pos'],
  ...[
    'this',
    'has',
    'was',
    'its',
    'ios',
    'dos',
    'gps',
    'dns',
    'sms',
    'ups',
    'nas',
    'cms',
    'pancreas',
  ],
])

/**
 * Brings English plurals to the singular and leaves all else alone: shoppers and shops differ in
 * number, and heavier stemming confuses products (`printer`, `printing`, `print`).
 */
export function stem(word: string): string {
  if (word.length < 4) {
    return IRREGULAR.get(word) ?? word
  }
  if (!word.endsWith('s')) {
    return word.endsWith('n') || word.endsWith('t') || word.endsWith('h') || word.endsWith('e')
      ? (IRREGULAR.get(word) ?? word)
      : word
  }
  if (INVARIANT.has(word) || /(?:ss|us|is|\d.*)$/.test(word)) {
    return word
  }
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined) {
    return irregular
  }
  if (word.endsWith('ies')) {
    return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1)
  }
  if (/(?:ss|sh|tch|x|zz)es$/.test(word) || (word.endsWith('oes') && word.length > 6)) {
    return word.slice(0, -2)
  }
  return word.slice(0, -1)
}

/** The plural that a shopper would write: `pluralOf('battery')` is `batteries`. */
export function pluralOf(singular: string): string {
  const irregular = PLURAL_OF.get(singular)
  if (irregular !== undefined) {
    return irregular
  }
  if (/[^aeiou]y$/.test(singular)) {
    return `${singular.slice(0, -1)}ies`
  }
  return /(?:s|sh|ch|x|z)$/.test(singular) ? `${singular}es` : `${singular}s`
}
