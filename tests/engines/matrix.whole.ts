/**
 * Goal (I9): the resiliency matrix of docs/reliability.md, of the engines beside PostgreSQL.
 * Method: one shop on all four engines, each reached by a line that can be cut; Kafka, whose clients go past such a
 * line, is stopped by ENGINES_COMMAND where it is given. Shoppers walk the journeys while one is away.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { databaseIdentity } from '../../server/platform/db/identity.ts'
import { assertRecovered, openFaultShop } from '../support/fault-shop.ts'
import { engineUrl, faultyLine, timeUntil } from '../support/faulty-line.ts'
import { openShopper, walk } from '../support/journeys.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { MATRIX } from '../support/resiliency.ts'
import { unwrap } from '../support/shopper.ts'

const brokers = process.env['KAFKA_BROKERS'] as string
const engines = process.env['ENGINES_COMMAND']
const opensearchUrl = engineUrl('OPENSEARCH_URL')
const lines = {
  redis: await faultyLine(engineUrl('REDIS_URL')),
  mongodb: await faultyLine(engineUrl('MONGODB_URL')),
  opensearch: await faultyLine(opensearchUrl),
}
const shop = await openFaultShop({
  env: {
    REDIS_URL: lines.redis.url,
    MONGODB_URL: lines.mongodb.url,
    OPENSEARCH_URL: lines.opensearch.url,
    KAFKA_BROKERS: brokers,
    KAFKA_PREFIX: `stoa-matrix-${process.pid}`,
    KAFKA_PARTITIONS: '3',
    EVENTS_FROM: 'kafka',
  },
})
const item = shop.items[0] as (typeof shop.items)[0]
after(async () => {
  const name = await withDatabase(shop.postgres.url, databaseIdentity)
  await shop.close()
  await dropIndexes(opensearchUrl, [name])
  for (const line of Object.values(lines)) await line.close()
})

const isWhole = async () => {
  const found = unwrap(await shop.client.search({ query: { q: '' } }))
  return !('degraded' in found && found.degraded)
}

for (const [name, line] of Object.entries(lines)) {
  const { test: title, outcomes } = MATRIX[name as keyof typeof lines]
  test(title, async () => {
    await timeUntil('OpenSearch answers', isWhole, 60_000)
    const shopper = await openShopper(shop.url, item)
    line.cut()
    // What is cut off is noticed by the first who asks.
    await walk(shopper, ['browse', 'search'])
    assert.deepEqual(await walk(shopper), outcomes)
    line.mend()
    await assertRecovered(shop, [shopper.orderId])
  })
}

test(MATRIX.kafka.test, {
  skip: engines ? false : 'ENGINES_COMMAND does not say how to stop it',
}, async () => {
  const shopper = await openShopper(shop.url, item)
  const broker = (action: 'stop' | 'start') =>
    promisify(execFile)(engines as string, [action, 'kafka'])
  await broker('stop')
  try {
    assert.deepEqual(await walk(shopper), MATRIX.kafka.outcomes)
  } finally {
    await broker('start')
  }
  await assertRecovered(shop, [shopper.orderId])
})
