import type { WishlistItem } from '#contracts/cart/wishlists.ts'
import { writeLetter } from '../../../platform/mail/letter.ts'
import type { Mail } from '../../../platform/mail/mailbox.ts'
import type { Reader } from '../../identity/index.ts'
import { letterFormat } from './format.ts'
import { fill, oneLine, wordsIn } from './language.ts'

export type Drop = WishlistItem & Readonly<{ priceDrop: NonNullable<WishlistItem['priceDrop']> }>

const LONGEST_NAME = 70

/** Tells of what is wished for and costs less. @param drops at least one. */
export function writePriceLetter(
  drops: readonly [Drop, ...Drop[]],
  {
    reader,
    publicUrl,
    unsubscribeUrl,
  }: Readonly<{ reader: Reader; publicUrl: string; unsubscribeUrl: string }>,
): Mail {
  const language = reader.language ?? 'en'
  const words = wordsIn(language)
  const { prices } = words
  const format = letterFormat(language, reader.country)
  const [first] = drops
  const said = drops.length === 1 ? prices.one : prices.several
  const subject = fill(said.subject, {
    name: shortened(first.name),
    now: format.money(first.unitPrice),
    count: format.number(drops.length),
  })
  const rows = drops.map(({ name, unitPrice, priceDrop: { from } }) => ({
    label: oneLine(name),
    note: fill(prices.was, { was: format.money(from) }),
    value: format.money(unitPrice),
  }))
  const letter = writeLetter({
    language,
    subject,
    blocks: [
      { kind: 'text', text: said.text },
      { kind: 'table', rows },
      { kind: 'link', url: `${publicUrl}/wishlists`, label: words.toWishes },
    ],
    foot: [
      { kind: 'text', text: words.whyPrices },
      { kind: 'text', text: `${prices.end}:` },
      { kind: 'link', url: unsubscribeUrl },
    ],
  })
  return { to: reader.email, ...letter, unsubscribeUrl }
}

function shortened(name: string): string {
  const letters = [...oneLine(name)]
  return letters.length <= LONGEST_NAME
    ? letters.join('')
    : `${letters.slice(0, LONGEST_NAME).join('')}…`
}
