import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Client } from '../../packages/client/src/index.ts'
import { setAvailable, setPrice } from '../support/offer-changes.ts'
import { eventually, unwrap } from '../support/shopper.ts'
import { type Stop, seeOrder } from './steps.ts'

const DEARER_BY = 700
const BACK_IN_STOCK = 50

/** The last step, while an operator changes what is bought: the shopper is told and charged nothing. */
export async function happenMeanwhile(
  page: Page,
  stop: Stop,
  pay: () => Promise<void>,
): Promise<void> {
  const { operator, journey } = stop
  assert.ok(operator, 'somebody who may change prices and stock')
  const offer = await offerInCart(page, stop, operator)
  if (journey.meanwhile === 'price') {
    await setPrice(operator, { ...offer, amount: offer.amount + DEARER_BY })
    await pay()
    await page.locator('.notice-block').waitFor()
    assert.match((await page.locator('.notice-block').textContent()) ?? '', /total has changed/)
    await pay()
    await seeOrder(page)
    return setPrice(operator, offer)
  }
  await setAvailable(operator, { ...offer, quantity: 0 })
  try {
    await pay()
    await page.locator('.notice-block').waitFor()
    // The cart says so once the news of the stock has come to it.
    await eventually(
      async () => {
        await page.goto(`${stop.url}/cart`)
        return page.locator('.cart-line .notice').count()
      },
      (notices) => notices > 0,
    )
    await page.goto(`${stop.url}/orders`)
    assert.equal(await page.locator('a[href^="/orders/ord_"]').count(), 0, 'nothing was ordered')
  } finally {
    await setAvailable(operator, { ...offer, quantity: BACK_IN_STOCK })
  }
}

/** The offer of the one line in the cart, found as its product's page shows it. */
async function offerInCart(page: Page, { url }: Stop, operator: Client) {
  const other = await page.context().newPage()
  await other.goto(`${url}/cart`)
  const link = await other.locator('.cart-line a[href^="/p/"]').first().getAttribute('href')
  await other.close()
  const id = /^\/p\/([^?]+)/.exec(link ?? '')?.[1] ?? ''
  const query = { currency: 'USD', country: 'US' }
  const product = unwrap(await operator.getProduct({ params: { id }, query }))
  const variant = product.variants[0]
  assert.ok(variant, `${id} can be bought`)
  return { offerId: variant.offerId, amount: variant.price.amount }
}
