/**
 * Goal (F5): a price changed in the shop is found by search, while the engine's own process is killed, its index and
 * then all its data are deleted, and it is started again amid the changes; pages go on, nothing has drifted at the end.
 * Method: one `stoa start` on the demo's first products, and an OpenSearch of this test's own.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { databaseIdentity } from '../../server/platform/db/identity.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { openOwnOpenSearch } from '../support/own-opensearch.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { livePrices } from '../support/price-journey.ts'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'

const command = process.env['ENGINES_COMMAND']
const skip = command ? false : 'ENGINES_COMMAND does not say how to start one'
const leave: (() => unknown)[] = []
after(async () => {
  await killShops()
  for (const each of leave.reverse()) await each()
})

test('the journey of a price goes on through every death of the engine, and nothing drifts', {
  skip,
}, async () => {
  const engine = await openOwnOpenSearch(command as string)
  leave.push(engine.close)
  await engine.start()
  const database = await createTestDatabase()
  leave.push(database.drop)
  const data = await smallDataFolder(20)
  const { home, remove } = temporaryHome()
  leave.push(data.remove, remove)
  const settings = { home, dataFolder: data.folder }
  const env = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '6', OPENSEARCH_URL: engine.url }
  const shop = await startShopProcess({ ...settings, env })
  const name = await withDatabase(database.url, databaseIdentity)
  let started: Promise<void> = Promise.resolve()
  const restart = () => {
    started = engine.start()
    started.catch(() => {})
  }
  const seen = await livePrices(shop, {
    verify: { ...settings, env },
    faults: new Map<number, () => unknown>([
      [4, engine.kill],
      [6, restart],
      [14, () => started],
      [15, () => dropIndexes(engine.url, [name])],
      [18, engine.kill],
      [20, engine.wipe],
      [22, restart],
      [30, () => started],
    ]),
  })
  assert.ok(seen.degraded > 0)
  process.stdout.write(`${seen.pages} pages with their categories, ${seen.degraded} degraded\n`)
})
