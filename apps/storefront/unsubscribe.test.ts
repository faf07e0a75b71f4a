import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestShop, type TestShop } from './test-shop.ts'

describe('the way out of mails with offers', () => {
  let shop: TestShop
  const asked: string[] = []
  before(async () => {
    shop = await startTestShop({}, (transport) => (request) => {
      if (request.operation === 'endOfferMails') asked.push(request.body ?? '')
      return transport(request)
    })
  })
  after(() => shop.close())

  test('opening the link changes nothing, its button ends the mails', async () => {
    const browser = shop.browser()
    const page = await browser.get('/unsubscribe?token=acc_1.signed')
    assert.equal(page.status, 200)
    assert.deepEqual(asked, [])
    const action = /action="(\/unsubscribe\?token=[^"]+)"/.exec(page.body)?.[1] ?? ''
    const done = await browser.post(action, {})
    assert.match(done.body, /You get no more e-mails with offers/)
    assert.deepEqual(asked.splice(0), ['{"token":"acc_1.signed"}'])
  })

  test('a mail reader’s own button, which comes from no page of the shop, ends them too', async () => {
    const done = await shop.app.inject({
      method: 'POST',
      url: '/unsubscribe?token=acc_1.signed',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'List-Unsubscribe=One-Click',
    })
    assert.equal(done.statusCode, 200)
    assert.equal(asked.length, 1)
  })

  test('a link that is not whole says so', async () => {
    const browser = shop.browser()
    for (const path of [
      '/unsubscribe',
      '/unsubscribe?token=acc_1.other',
      '/unsubscribe?token=a&token=b',
    ])
      assert.equal((await browser.post(path, {})).status, 404, path)
  })
})
