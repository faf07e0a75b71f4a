import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { MongoClient } from 'mongodb'
import { median } from '../../bench/support/report.ts'
import {
  describeDocumentStore,
  storeFixture,
} from '../../server/modules/catalog/documents/document-store.suite.ts'
import type { DocumentStore } from '../../server/modules/catalog/documents/document-store.ts'
import { createMongoStore } from '../../server/modules/catalog/documents/mongo-store.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { silentLog } from '../../server/platform/log.ts'
import { engineUrl, faultyLine, timeUntil } from '../support/faulty-line.ts'

const url = engineUrl('MONGODB_URL')
const direct = new MongoClient(url)
const fixture = await storeFixture()
const { idOf, rename } = fixture
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})
after(() => direct.close())

type Node = Readonly<{ store: DocumentStore; built(): number }>

/** Stores of processes that share one stream and one collection. */
function shop() {
  const namespace = `test_${randomBytes(6).toString('hex')}`
  const collection = direct.db('stoa').collection<{ _id: string }>(`products_${namespace}`)
  opened.push(() => collection.drop())
  let at = 100
  const position = () => at
  return {
    collection,
    position,
    moveTo: (next: number) => {
      at = next
    },
    async open(address = url, budgetMs = 2_000): Promise<Node> {
      let built = 0
      const postgres = fixture.postgres(position)
      const store = createMongoStore({
        url: address,
        budgetMs,
        clock: systemClock,
        chance: seededChance(1),
        log: silentLog,
        next: {
          ...postgres,
          find(references) {
            built += references.length
            return postgres.find(references)
          },
        },
      })
      opened.unshift(store.stop)
      store.start({ namespace, position })
      await timeUntil('MongoDB is asked', store.isUp)
      return { store, built: () => built }
    },
  }
}

const nameOf = async ({ store }: Node, ref: string) =>
  (await store.find([idOf(ref)]))[0]?.record.name

/** Reads until the document is in MongoDB, from where the next reading is. */
async function warm(node: Node, ref: string): Promise<void> {
  await timeUntil(`${ref} is stored`, async () => {
    const before = node.built()
    await nameOf(node, ref)
    return node.built() === before
  })
}

describeDocumentStore('MongoDB', fixture, async () => {
  const { open, position, moveTo } = shop()
  const [{ store }, { store: other }] = [await open(), await open()]
  return { store, other, position, moveTo }
})

test('a document is built once and then read from MongoDB by every process', async () => {
  const { open } = shop()
  const [a, b] = [await open(), await open()]
  await warm(a, 'p1')
  await nameOf(b, 'p1')
  assert.equal(b.built(), 0)
})

test('an old document does not replace a newer one, nor come in after a drop', async () => {
  const { open, position, moveTo, collection } = shop()
  const [a, b] = [await open(), await open()]
  await rename('p1', 'before')
  // b reads the rows, and is slow to store them; meanwhile they change.
  const slow = fixture.postgres(() => 100)
  const [old] = await slow.find([idOf('p1')])
  await rename('p1', 'after')
  a.store.drop({ after: 100, upTo: 101, productIds: [idOf('p1')] })
  moveTo(101)
  assert.equal(await nameOf(a, 'p1'), 'after')
  await warm(a, 'p1')
  const before = await collection.findOne({ _id: idOf('p1') })
  const late = createMongoStore({
    url,
    budgetMs: 2_000,
    clock: systemClock,
    chance: seededChance(1),
    log: silentLog,
    next: { ...slow, find: async () => [old] },
  })
  opened.unshift(late.stop)
  late.start({ namespace: collection.collectionName.slice('products_'.length), position })
  await timeUntil('MongoDB is asked', late.isUp)
  await late.find(['some-slug'])
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(await collection.findOne({ _id: idOf('p1') }), before)
  assert.equal(await nameOf(b, 'p1'), 'after')
})

test('MongoDB gone: documents come from PostgreSQL; what was missed is void when it is back', async () => {
  const { open, moveTo } = shop()
  const line = await faultyLine(url)
  opened.push(line.close)
  const a = await open(line.url)
  await rename('p2', 'old name')
  await warm(a, 'p2')
  line.cut()
  await rename('p2', 'new name')
  a.store.drop({ after: 100, upTo: 101, productIds: [idOf('p2')] })
  moveTo(101)
  for (let n = 0; n < 5; n += 1) assert.equal(await nameOf(a, 'p2'), 'new name')
  await timeUntil('MongoDB is left alone', () => !a.store.isUp())
  line.mend()
  await timeUntil('MongoDB is asked again', a.store.isUp)
  assert.equal(await nameOf(a, 'p2'), 'new name')
  await warm(a, 'p2')
})

test('a MongoDB with 2 s of latency is waited for by few readings, and left alone', async () => {
  const { open } = shop()
  const line = await faultyLine(url)
  opened.push(line.close)
  const a = await open(line.url, 100)
  await warm(a, 'p1')
  line.delay(2_000)
  const times: number[] = []
  for (let n = 0; n < 30; n += 1) {
    const began = performance.now()
    await nameOf(a, 'p1')
    times.push(performance.now() - began)
  }
  assert.ok(median(times) < 2_000, `slow ones: ${times}`)
  assert.equal(a.store.isUp(), false)
  line.delay(0)
  await timeUntil('MongoDB is asked again', a.store.isUp)
})

test('an emptied MongoDB takes nothing old in and fills again by itself', async () => {
  const { open, collection } = shop()
  const a = await open()
  await warm(a, 'p1')
  await collection.deleteMany({})
  assert.ok(await nameOf(a, 'p1'))
  await timeUntil('MongoDB is asked again', a.store.isUp)
  await warm(a, 'p1')
})
