/**
 * Goal: a seller who asks for more than anybody could count breaks no page, no search and no cart of anybody; what costs
 * beyond all reason is shown, and refused by its quote in the words of the contract.
 * Method: the whole shop over HTTP, one offer at the highest price that the schema takes.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_AMOUNT } from '../../contracts/kit/money.ts'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import {
  ADDRESS,
  eventually,
  findBuyable,
  quotedCart,
  refused,
  unwrap,
} from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop } from '../support/whole-shop.ts'

const { ask, client, url } = await openWholeShop()
const operator = createClient({ transport: httpTransport(url), token: OPERATOR_KEY })
const [item, other] = await findBuyable(client, 2)
assert.ok(item && other)
const { offerId, variantId, productId, slug } = item
const price = { amount: MAX_AMOUNT, currency: 'USD' }

test('the highest price is shown everywhere and sold nowhere', async () => {
  unwrap(await operator.changeOffer({ params: { offerId }, body: { price, salePrice: null } }))
  const params = { cartId: unwrap(await client.createCart({ body: { currency: 'USD' } })).id }
  unwrap(await client.addCartLine({ params, body: { variantId, offerId, quantity: 1 } }))
  const isShown = () => client.getCart({ params })
  await eventually(isShown, (cart) => cart.ok && cart.data.subtotal.amount === MAX_AMOUNT, 60_000)
  const { currencies } = unwrap(await client.listMarkets({}))
  for (const currency of currencies) {
    for (const path of [
      `/products/${productId}`,
      '/search?q=&sort=-price',
      '/search?q=&sort=price',
    ]) {
      const reply = await ask(`/api/v1${path}${path.includes('?') ? '&' : '?'}currency=${currency}`)
      assert.equal(reply.status, 200, `${currency} ${path}: ${reply.text}`)
    }
    const params = { cartId: unwrap(await client.createCart({ body: { currency } })).id }
    for (const quantity of [1, 998]) {
      const cart = unwrap(
        await client.addCartLine({ params, body: { variantId, offerId, quantity } }),
      )
      assert.equal(cart.subtotal.amount <= MAX_AMOUNT, true)
    }
    const shown = unwrap(await client.getCart({ params }))
    const quoted = await client.quoteCart({ params, body: { shippingAddress: ADDRESS } })
    const { code } = refused(quoted, quoted.ok ? '' : quoted.problem.code)
    const possible = [
      'pricing.total_too_high',
      'inventory.insufficient_stock',
      'pricing.market_unknown',
      'catalog.currency_not_sold',
    ]
    assert.ok(possible.includes(code), `${currency}: ${code}`)
    const lineId = shown.lines[0]?.id as string
    const emptied = unwrap(await client.removeCartLine({ params: { ...params, lineId } }))
    assert.equal(emptied.subtotal.amount, 0)
  }
  assert.equal((await ask(`/p/${slug}`)).status, 200)
})

test('one unit in stock at that price is refused by the quote, and a cart without it is sold', async () => {
  const params = {
    cartId: unwrap(await client.createCart({ body: { currency: 'USD', country: 'US' } })).id,
  }
  unwrap(await client.addCartLine({ params, body: { variantId, offerId, quantity: 1 } }))
  const quoted = await client.quoteCart({ params, body: { shippingAddress: ADDRESS } })
  refused(quoted, 'pricing.total_too_high')
  const { quote } = await quotedCart(client, [{ variantId: other.variantId, quantity: 1 }])
  assert.ok(quote.total.amount > 0)
})
