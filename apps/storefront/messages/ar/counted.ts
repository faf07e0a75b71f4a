import { pluralOf } from '../plural.ts'

const plural = pluralOf('ar')

/** Letters of another script, kept in their own order within a sentence. */
export const own = (text: string) => `\u2068${text}\u2069`

type Noun = Readonly<{ one: string; two: string; few: string; many: string; other: string }>
/** A counted thing: one and two are words of their own, three to ten take the plural. */
export const counted = (n: number, { one, two, few, many, other }: Noun, shown = String(n)) =>
  plural(n, {
    zero: `${shown} ${other}`,
    one,
    two,
    few: `${shown} ${few}`,
    many: `${shown} ${many}`,
    other: `${shown} ${other}`,
  })
export const PRODUCT: Noun = {
  one: 'منتج واحد',
  two: 'منتجان',
  few: 'منتجات',
  many: 'منتجًا',
  other: 'منتج',
}
export const SELLER: Noun = {
  one: 'بائع واحد',
  two: 'بائعان',
  few: 'بائعين',
  many: 'بائعًا',
  other: 'بائع',
}
export const OFFER: Noun = {
  one: 'عرض واحد',
  two: 'عرضان',
  few: 'عروض',
  many: 'عرضًا',
  other: 'عرض',
}
export const PIECE: Noun = {
  one: 'قطعة واحدة',
  two: 'قطعتان',
  few: 'قطع',
  many: 'قطعة',
  other: 'قطعة',
}
export const SUGGESTION: Noun = {
  one: 'اقتراح واحد',
  two: 'اقتراحان',
  few: 'اقتراحات',
  many: 'اقتراحًا',
  other: 'اقتراح',
}
export const FIELD: Noun = {
  one: 'حقل واحد',
  two: 'حقلين',
  few: 'حقول',
  many: 'حقلًا',
  other: 'حقل',
}

export const SECOND: Noun = {
  one: 'ثانية واحدة',
  two: 'ثانيتين',
  few: 'ثوانٍ',
  many: 'ثانية',
  other: 'ثانية',
}
