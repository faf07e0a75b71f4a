import { buildAssets } from '../apps/storefront/lib/assets.ts'
import { describePaymentPage } from '../apps/storefront/lib/payment-page.ts'
import { addFirst, PROVIDER_ORIGIN, startTestShop } from '../apps/storefront/test-shop.ts'

/** The list of what the payment page runs, for apps/storefront/payment-page.json. */
export async function paymentPageList(): Promise<string> {
  const shop = await startTestShop()
  try {
    const browser = shop.browser()
    await addFirst(browser, 'coffee')
    const { headers } = await browser.get('/checkout')
    const page = { headers: headers as Record<string, string> }
    const list = describePaymentPage(await buildAssets(), page, PROVIDER_ORIGIN)
    return `${JSON.stringify(list, null, 2)}\n`
  } finally {
    await shop.close()
  }
}
