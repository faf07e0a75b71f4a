/**
 * Goal (F5): a price changed in the shop is found by search, while the engine is killed, its index deleted and the
 * engine comes back; product pages and categories go on meanwhile; nothing has drifted at the end.
 * Method: one `stoa start` on the demo's first products, which reaches OpenSearch by a line that can be cut.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDatabase } from '../../server/platform/db/database.ts'
import { databaseIdentity } from '../../server/platform/db/identity.ts'
import { silentLog } from '../../server/platform/log.ts'
import { engineUrl, faultyLine } from '../support/faulty-line.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { livePrices } from '../support/price-journey.ts'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'

const url = engineUrl('OPENSEARCH_URL')
const database = await createTestDatabase()
const data = await smallDataFolder(20)
const { home, remove } = temporaryHome()
const line = await faultyLine(url)
const settings = { home, dataFolder: data.folder }
const env = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '6', OPENSEARCH_URL: line.url }
const shop = await startShopProcess({ ...settings, env })
const db = openDatabase({ url: database.url, log: silentLog, poolSize: 2 })
const name = await databaseIdentity(db)
await db.close()

after(async () => {
  await killShops()
  await dropIndexes(url, [name])
  await line.close()
  data.remove()
  remove()
  await database.drop()
})

test('the journey of a price goes on through every outage of the line, and nothing drifts', async () => {
  const seen = await livePrices(shop, {
    verify: { ...settings, env },
    faults: new Map<number, () => unknown>([
      [6, line.cut],
      [12, line.mend],
      [16, () => dropIndexes(url, [name])],
      [22, line.cut],
      [24, () => dropIndexes(url, [name])],
      [28, line.mend],
    ]),
  })
  assert.ok(seen.degraded > 0)
  process.stdout.write(`${seen.pages} pages with their categories, ${seen.degraded} degraded\n`)
})
