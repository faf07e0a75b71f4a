import { capitalize } from '../text.ts'
import { abbreviations, properNouns } from './abbreviations.ts'
import { grocerCategories } from './categories.ts'
import { typeNames } from './type-names.ts'

/**
 * Categories whose types are adjectives or cuts ("TRADITIONAL", "RIBS") and say little by
 * themselves.
 */
const needsNoun = new RegExp(
  [
    '^(beef|pork|chicken|turkey|lamb|veal|bacon|hot dogs|dinner sausage|smoked meats|lunchmeat)$',
    '^(ice cream|pasta sauce|soup$|cookies$|frozen pizza|breakfast sausage|exotic|heat/serve)',
    '^(audio/video|makeup|christmas|halloween|easter|valentine|frozen meat|meat - misc|hot cereal)',
    '^(frozen$|refrigerated|seafood|restricted|water$|juice$|floral|cosmetic acc|bath$)',
    '^(glasses|j-hooks)',
    '^(toys and games|infant care|apparel|hosiery|home health|natural hbc|misc)',
    '^(coffee shop|non edible)',
    '^(household cleang|spring|fall|continuities|dollar|sports mem|pharmacy|prepared food|sewing)',
    '^(frzn novelties|tobacco)',
  ].join('|'),
)

/** Types that are a maker's or line's name. */
const lines: Readonly<Record<string, string>> = {
  MAYBELLINE: 'Maybelline',
  COVERGIRL: 'CoverGirl',
  REVLON: 'Revlon',
  'LOREAL COSMETICS': "L'Oréal",
  ALMAY: 'Almay',
  'SALLY HANSEN': 'Sally Hansen',
  'BONNE BELL': 'Bonne Bell',
  'WET N WILD': 'Wet n Wild',
  'MAX FACTOR': 'Max Factor',
  'PHYSICANS FORMULA': 'Physicians Formula',
  LEGGS: "L'eggs",
  BARBIE: 'Barbie',
  HASBRO: 'Hasbro',
  'FISHER PRICE': 'Fisher-Price',
  YARDLEY: 'Yardley',
  'NERF ITEMS': 'Nerf',
}

/** The maker whose name the source gives as the type, else undefined. */
export function readLine(type: string): string | undefined {
  return lines[type]
}

function joinAlternatives(text: string): string {
  return text.replace(/[^\s,]+(?:\/[^\s,]+)+/g, (group) => {
    if (/\d\/\d/.test(group)) return group
    const parts = group.split('/').filter((part) => part !== '')
    const last = parts.pop() ?? ''
    return parts.length === 0 ? last : `${parts.join(', ')} or ${last}`
  })
}

const whole =
  /^(JUICE|FOODS?|BULBS?|BUTTER|WATER|SHRIMP|YOU|STICKS|PLATE|ALL|OTHER|OILS?|VINE|FRUIT|BEANS)$/

/**
 * The source clips types at 30 characters: what is left of the last word (or bracket) is dropped.
 */
function dropClippedEnd(raw: string): string {
  if (raw.length < 30 || /\)$/.test(raw)) return raw
  return raw.replace(/[\s/&-]+(\w{1,6}|<=)$/, (end, word: string) => (whole.test(word) ? end : ''))
}

/**
 * Words of the source in sentence case: abbreviations spelled out, brackets and cut ends dropped.
 */
function toReadable(raw: string): string {
  let text = dropClippedEnd(raw)
    .toLowerCase()
    .replace(/\s*\([^)]*(\)|$)/g, '')
  for (const [pattern, replacement] of abbreviations) text = text.replace(pattern, replacement)
  text = text
    .replace(/^misc\w*[:.]?\s+/, 'assorted ')
    .replace(/(?<=\w)-(?=(chocolate|non|seasonal|other|misc|all|fresh|frozen)\b)/g, ', ')
    .replace(/-magazine$/, ' magazine')
    .replace(/&/g, ' and ')
    .replace(/\s*:\s*/g, ', ')
    .replace(/\s+-\s*|-\s+/g, ', ')
    .replace(/\s*\/\s*/g, '/')
  text = joinAlternatives(text)
    .replace(/\s+/g, ' ')
    .replace(/[\s,.-]+$/, '')
    .replace(/ ,/g, ',')
    .trim()
  return text.replace(properNouns, (name) => capitalize(name)).replace(/\bDvds?/g, 'DVDs')
}

const stem = (word: string) => word.toLowerCase().replace(/(ies|es|s|y)$/, '')

function sharesWord(noun: string, text: string): boolean {
  const words = new Set(text.split(/[^\p{L}]+/u).map(stem))
  return noun.split(/[^\p{L}]+/u).some((word) => word.length > 2 && words.has(stem(word)))
}

const isCosmetic = (type: string) => !/LEGGS|BARBIE|HASBRO|FISHER PRICE|NERF/.test(type)

/** Types that are no more than an adjective. */
const saysLittle =
  /^(.{1,3}|assorted|specialty|other|regular|premium|seasonal|promo(tional)?|natural|decor|hand|floor)$/

const produce =
  /^(apples|onions|potatoes|oranges|pears|peppers|tomatoes|mushrooms|grapes|melons|carrots|squash) /

/** "Onions red" is "red onions", "spaghetti dry" is "dry spaghetti". */
function putNounLast(text: string): string {
  const bare = text.replace(/(,| or| and)? (all other|others?|all|bulk)$/, '')
  const dry = /^(spaghetti|macaroni|noodles|puddings) dry$/.exec(bare)
  if (dry !== null) return `dry ${dry[1]}`
  const herb = /^herbs (.+)$/.exec(bare)
  if (herb !== null) return `fresh ${herb[1]}`
  const noun = produce.exec(bare)?.[1]
  if (noun === undefined || bare.includes(',') || / (or|and|on|processed) /.test(bare)) return bare
  return `${bare.slice(noun.length + 1)} ${noun}`
}

/** "FRZN ICE", "ICE - CRUSHED/CUBED" becomes "Frozen ice, crushed or cubed". */
export function toGrocerName(row: Readonly<{ category: string; type: string }>): string {
  const noun = grocerCategories[row.category]?.[0] ?? 'Sundry item'
  const line = readLine(row.type)
  if (line !== undefined) {
    const thing = isCosmetic(row.type) ? 'make-up' : noun.charAt(0).toLowerCase() + noun.slice(1)
    return `${line} ${thing}`
  }
  const byHand = typeNames[row.type]
  if (byHand !== undefined) return byHand
  const text = putNounLast(toReadable(row.type))
  if (text === '') return noun
  const isBare = needsNoun.test(row.category.toLowerCase()) || saysLittle.test(text)
  const named = isBare && !sharesWord(noun, text) ? `${noun}, ${text}` : text
  const isFrozen = /^(FRZN|FROZEN)/.test(row.category) && !/frozen/i.test(named)
  return capitalize(isFrozen ? `frozen ${named.charAt(0).toLowerCase()}${named.slice(1)}` : named)
}
