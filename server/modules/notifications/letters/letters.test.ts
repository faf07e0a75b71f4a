import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Language } from '#contracts/kit/language.ts'
import { money } from '#contracts/kit/money.ts'
import { sampleOrder } from '../../../../tests/support/letters.ts'
import { type LetterFacts, RETURN_NEWS, SHIPMENT_NEWS } from './facts.ts'
import { writeOrderLetter } from './order-letter.ts'
import { writePriceLetter } from './price-letter.ts'

const publicUrl = 'https://shop.test'
const order = sampleOrder('ord_1')
const amount = money(4_470, 'EUR')
const units = [{ lineId: 'orl_1', quantity: 2 }]

const ALL: readonly LetterFacts[] = [
  { kind: 'confirmed' },
  { kind: 'cancelled', reason: 'customer' },
  { kind: 'cancelled', reason: 'fraud' },
  { kind: 'units_cancelled', units, amount },
  { kind: 'refunded', amount },
  ...SHIPMENT_NEWS.map((status) => ({ kind: 'shipment', shipmentId: 'shp_1', status }) as const),
  ...RETURN_NEWS.map(
    (state) => ({ kind: 'return', returnId: 'ret_1', state, version: 1, units }) as const,
  ),
]

test('every letter about an order has its words in every language, as text and as HTML, and a way to the order', () => {
  const subjects = new Set<string>()
  for (const language of Language.options) {
    for (const facts of ALL) {
      const mail = writeOrderLetter(facts, { order: { ...order, language }, publicUrl })
      assert.ok(mail, `${language} ${JSON.stringify(facts)}`)
      const { subject, text, html = '' } = mail
      subjects.add(subject)
      assert.doesNotMatch(subject + text + html, /[{}](?![^<]*<\/style>)|undefined|null/)
      assert.match(text, /https:\/\/shop\.test\/orders\/ord_1/)
      assert.match(html, /href="https:\/\/shop\.test\/orders\/ord_1"/)
      assert.match(html, new RegExp(`<html lang="${language}"`))
    }
  }
  assert.equal(subjects.size, ALL.length * Language.options.length)
})

test('what people typed stays text on one line and makes no link', () => {
  const name = 'Eve\r\nBcc: x@example.com <b> https://evil.test {number}'
  const shippingAddress = { ...order.shippingAddress, name }
  const mail = writeOrderLetter(
    { kind: 'confirmed' },
    { order: { ...order, shippingAddress }, publicUrl },
  )
  assert.ok(mail)
  assert.ok(mail.text.includes('Thank you, Eve Bcc: x@example.com <b> evil.test {number}.'))
  assert.ok(mail.html?.includes('&lt;b&gt;'))
  assert.equal(mail.html?.match(/href=/g)?.length, 1)
})

test('prices are told in the language and form of the reader, with a way to end it', () => {
  const from = money(10_000, 'EUR')
  const item = { name: `Mill ${'x'.repeat(100)}`, unitPrice: money(8_000, 'EUR') }
  const drop = { ...item, priceDrop: { from, percent: 20 } } as never
  for (const language of Language.options) {
    const reader = {
      accountId: 'acc_1',
      email: 'eve@example.com',
      language,
      currency: 'EUR',
      country: 'DE',
    }
    const given = { reader, publicUrl, unsubscribeUrl: 'https://shop.test/unsubscribe?token=t' }
    for (const drops of [[drop], [drop, drop]] as const) {
      const mail = writePriceLetter(drops as never, given)
      assert.ok(mail.subject.length < 140 && !mail.subject.includes('{'), mail.subject)
      assert.ok(mail.text.includes(given.unsubscribeUrl))
      assert.equal(mail.unsubscribeUrl, given.unsubscribeUrl)
      assert.doesNotMatch(mail.text, /[{}]|undefined/)
    }
  }
})
