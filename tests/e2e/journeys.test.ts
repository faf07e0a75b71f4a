/**
 * Goal: people can buy, whatever they have: phone or desktop, script or none, a pointer or keys alone; and are told when
 * the bank, the price or the stock says no. Method: real Chromium on a shop of the demo catalogue. `npm run test:browser`.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { openBrowser } from '../support/browser.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { run, SHORT } from './journeys.ts'
import { askForDays, wishByKeyboard } from './wishes.ts'

const PRODUCTS = 400
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const database = await createTestDatabase()
const data = await smallDataFolder(PRODUCTS)
const home = temporaryHome()
const shop = await startShopProcess({
  home: home.home,
  dataFolder: data.folder,
  env: { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '6', DEMO_SHIP_SECONDS: '0' },
})
const browser = await openBrowser(CHROMIUM)
/** As the shop names itself: the bank sends shoppers back to there. */
const url = shop.url.replace('127.0.0.1', 'localhost')
const operator = createClient({ transport: httpTransport(shop.url), token: shop.operatorKey() })

after(async () => {
  await browser.close()
  await killShops()
  data.remove()
  home.remove()
  await database.drop()
})

for (const journey of SHORT) {
  test(`from search to a parcel: ${journey.name}`, async () => {
    const { error } = await run(browser, journey, { url, query: '', operator })
    assert.ifError(error)
  })
}

for (const javaScript of [true, false]) {
  const how = `JavaScript ${javaScript ? 'on' : 'off'}`
  test(`a wish list by keyboard alone, ${how}`, () => wishByKeyboard({ browser, url, javaScript }))
  test(`delivery days for a postal code, ${how}`, () => askForDays({ browser, url, javaScript }))
}
