import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order, Transport } from '@stoa/client'
import { type Browser, formFields, reachPayment, startTestShop } from './test-shop.ts'

/** Everything has arrived and may go back. */
const delivered: (transport: Transport) => Transport = (transport) => async (request) => {
  const reply = await transport(request)
  if (request.operation !== 'getOrder' || reply.status !== 200) return reply
  const order: Order = JSON.parse(String(reply.body))
  const lines = order.lines.map((line) => ({
    ...line,
    quantityShipped: line.quantity,
    quantityDelivered: line.quantity,
    quantityReturnable: line.quantity,
  }))
  return { ...reply, body: JSON.stringify({ ...order, lines, allowedActions: ['return'] }) }
}

/** Three of one thing, ordered. */
async function order(browser: Browser): Promise<string> {
  const first = await reachPayment(browser)
  const cart = await browser.get('/cart')
  await browser.post('/cart/line', { ...formFields(cart.body, '/cart/line'), quantity: '3' })
  const { body } = await browser.get('/checkout')
  assert.equal(first.status, 200)
  const fields = { ...formFields(body, '/checkout/pay'), method: 'tok_success' }
  const placed = await browser.post('/checkout/pay', fields)
  return placed.location.split('?')[0] ?? ''
}

test('some units of an order are cancelled without JavaScript; choosing none changes nothing', async () => {
  const shop = await startTestShop()
  const browser = shop.browser()
  const path = await order(browser)
  const { body } = await browser.get(path)
  const fields = formFields(body, `${path}/drop`)
  const count = /<select name="(n\.[^"]+)"/.exec(body)?.[1] ?? ''
  await browser.post(`${path}/drop`, { ...fields, [count]: '0' })
  assert.match((await browser.get(path)).body, /Choose at least one item/)
  await browser.post(`${path}/drop`, { ...fields, [count]: '2' })
  const after = await browser.get(path)
  assert.match(after.body, /The items are cancelled/)
  assert.match(after.body, /Cancelled: 2/)
  // One is left: the whole order may be cancelled, not a part of it.
  assert.doesNotMatch(after.body, /Cancel some of the items/)
  await shop.close()
})

test('a return is asked for with its reason, sent on its way, and another is called off', async () => {
  const shop = await startTestShop({}, delivered)
  const browser = shop.browser()
  const path = await order(browser)
  const ask = async () => {
    const { body } = await browser.get(path)
    const count = /<select name="(n\.[^"]+)"/.exec(body)?.[1] ?? ''
    await browser.post(`${path}/return`, {
      ...formFields(body, `${path}/return`),
      [count]: '1',
      [count.replace('n.', 'why.')]: 'defective',
      wanted: 'exchange',
      note: 'It hums',
    })
    return (await browser.get(path)).body
  }
  const asked = await ask()
  assert.match(asked, /Your return is requested/)
  assert.match(asked, /Approved: send it back.*The same item again · It hums/s)
  assert.doesNotMatch(asked, /Store credit/, 'a guest has no credit')
  const parcel = { carrier: 'DHL', trackingNumber: '4711' }
  const sending = formFields(asked, `${path}/return/send`)
  await browser.post(`${path}/return/send`, { ...sending, ...parcel })
  assert.match((await browser.get(path)).body, /<h3>On its way to us/)
  const second = await ask()
  await browser.post(`${path}/return/cancel`, formFields(second, `${path}/return/cancel`))
  const kept = (await browser.get(path)).body
  assert.match(kept, /The return is cancelled/)
  assert.match(kept, /<h3>Cancelled/)
  await shop.close()
})
