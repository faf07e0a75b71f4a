import type { Language } from '#contracts/kit/language.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { type LetterBlock, type LetterRow, writeLetter } from '../../../platform/mail/letter.ts'
import type { Mail } from '../../../platform/mail/mailbox.ts'
import type { LetterFacts } from './facts.ts'
import { type LetterFormat, letterFormat } from './format.ts'
import { fill, fillBoth, oneLine, wordsIn } from './language.ts'
import type { LetterWords, Said } from './words.ts'

type Pen = Readonly<{ words: LetterWords; format: LetterFormat; order: Order; url: string }>
type Units = readonly Readonly<{ lineId: string; quantity: number }>[]
type Body = Readonly<{ said: Said; blocks: readonly LetterBlock[]; button: string }>

const text = (said: string): LetterBlock => ({ kind: 'text', text: said })
const heading = (said: string): LetterBlock => ({ kind: 'heading', text: said })

/**
 * A letter to whoever placed an order, in the order's language. Undefined: there is nobody to write to (an erased
 * person has no address), or nothing to say.
 */
export function writeOrderLetter(
  facts: LetterFacts,
  { order, publicUrl }: Readonly<{ order: Order; publicUrl: string }>,
): Mail | undefined {
  if (order.email === '') return undefined
  const language: Language = order.language ?? 'en'
  const pen = {
    words: wordsIn(language),
    format: letterFormat(language, order.shippingAddress.country),
    order,
    url: `${publicUrl}/orders/${order.id}`,
  }
  const body = bodyOf(pen, facts)
  if (!body) return undefined
  const { subject, text: first } = fillBoth(body.said, valuesOf(pen, facts))
  const button: LetterBlock = { kind: 'link', url: pen.url, label: body.button }
  const blocks = [text(first), ...body.blocks, button]
  const foot = [text(pen.words.whyOrder)]
  return { to: order.email, ...writeLetter({ language, subject, blocks, foot }) }
}

function valuesOf({ order, format }: Pen, facts: LetterFacts): Record<string, string> {
  return {
    number: order.number,
    name: order.shippingAddress.name,
    ...('amount' in facts ? { amount: format.money(facts.amount) } : {}),
  }
}

function bodyOf(pen: Pen, facts: LetterFacts): Body | undefined {
  const { words } = pen
  switch (facts.kind) {
    case 'confirmed':
      return { said: words.confirmed, blocks: confirmation(pen), button: words.toOrder }
    case 'cancelled':
      return cancellation(pen, facts.reason)
    case 'units_cancelled':
      return {
        said: words.unitsCancelled,
        blocks: [units(pen, facts.units)],
        button: words.toOrder,
      }
    case 'shipment':
      return parcel(pen, facts)
    case 'refunded':
      return { said: words.refunded, blocks: [], button: words.toOrder }
    case 'return':
      return {
        said: words.returns[facts.state],
        blocks: [units(pen, facts.units)],
        button: words.toReturn,
      }
  }
}

/** What was bought, what it costs, where it goes and when. */
function confirmation({ words, format, order }: Pen): LetterBlock[] {
  const { shippingAddress: to, estimatedDelivery: when } = order
  const lines = order.lines.map(
    ({ name, quantity, unitPrice, discount }): LetterRow => ({
      label: `${format.number(quantity)} × ${oneLine(name)}`,
      ...(quantity > 1 ? { note: `${format.number(quantity)} × ${format.money(unitPrice)}` } : {}),
      value: format.money({
        ...unitPrice,
        amount: unitPrice.amount * quantity - discount.amount,
      }),
    }),
  )
  const address = [
    to.name,
    to.line1,
    to.line2 ?? '',
    [to.postalCode, to.city, to.region ?? ''].join(' ').trim(),
    format.country(to.country),
  ]
  return [
    ...(when ? [text(fill(words.expected, { days: format.days(when) }))] : []),
    heading(words.items),
    { kind: 'table', rows: [...lines, ...sums({ words, format, order })] },
    heading(words.deliveredTo),
    {
      kind: 'lines',
      lines: [...address.filter((line) => line !== '').map(oneLine), order.shippingOption.name],
    },
  ]
}

function sums({ words, format, order }: Omit<Pen, 'url'>): LetterRow[] {
  const { subtotal, discount, shipping, tax, total } = order.totals
  // Where prices are shown with tax, the tax is in the sums above it.
  const isIncluded = subtotal.amount - discount.amount + shipping.amount === total.amount
  return [
    { label: words.subtotal, value: format.money(subtotal) },
    ...(discount.amount > 0
      ? [{ label: words.discount, value: `−${format.money(discount)}` }]
      : []),
    {
      label: words.delivery,
      value: shipping.amount === 0 ? words.free : format.money(shipping),
    },
    ...(tax.amount > 0
      ? [{ label: isIncluded ? words.taxIncluded : words.tax, value: format.money(tax) }]
      : []),
    { label: words.total, value: format.money(total), isTotal: true },
  ]
}

/** An order that never came to be (a declined card, a shopper who left) was told of on the page, or nobody waits for it. */
function cancellation({ words, order }: Pen, reason: string): Body | undefined {
  const byShopper = reason === 'customer'
  const wasPlaced = order.events.some(({ type }) => type === 'confirmed' || type === 'held')
  if (!byShopper && !wasPlaced) return undefined
  return {
    said: byShopper ? words.cancelledByYou : words.cancelledByUs,
    blocks: [text(words.moneyBack)],
    button: words.toOrder,
  }
}

function parcel(pen: Pen, facts: LetterFacts & { kind: 'shipment' }): Body | undefined {
  const { words, format, order } = pen
  const shipment = order.shipments.find(({ id }) => id === facts.shipmentId)
  if (!shipment) return undefined
  const { carrier, trackingNumber, estimatedDelivery: day } = shipment
  const isUnderWay = facts.status === 'shipped' && day !== null
  return {
    said: words.shipments[facts.status],
    blocks: [
      units(pen, shipment.lines),
      ...(isUnderWay
        ? [text(fill(words.expected, { days: format.days({ earliest: day, latest: day }) }))]
        : []),
      ...(trackingNumber === null
        ? []
        : [text(fill(words.tracking, { tracking: trackingNumber, carrier }))]),
    ],
    button: words.toParcel,
  }
}

/** Lines of the order, as many of each as are meant. */
function units({ format, order }: Pen, all: Units): LetterBlock {
  const named = new Map(order.lines.map(({ id, name }) => [id, name]))
  const rows = all.map(({ lineId, quantity }) => ({
    label: `${format.number(quantity)} × ${oneLine(named.get(lineId) ?? '')}`,
  }))
  return { kind: 'table', rows }
}
