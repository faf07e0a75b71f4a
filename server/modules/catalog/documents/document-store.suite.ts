import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonl, productRow, testCatalog } from '../../../../tests/support/catalog.ts'
import { createPostgresStore, type DocumentStore } from './document-store.ts'

/** A store under test, with the hand of the one who follows the stream. */
export type StoreUnderTest = Readonly<{
  store: DocumentStore
  /** Another process's store on the same data. */
  other: DocumentStore
  position(): number
  moveTo(position: number): void
}>

export type StoreFixture = Readonly<{
  postgres(position: () => number): DocumentStore
  idOf(ref: string): string
  rename(ref: string, name: string): Promise<void>
}>

const OPTIONS = { 'Size (U.S.)': 'S', $odd: '1', 10: 'ten', a: 'x' }

/** A catalogue with a few products, for stores to tell of. */
export async function storeFixture(): Promise<StoreFixture> {
  const { catalog, platform } = await testCatalog()
  const rows = ['p1', 'p2', 'p3', 'p4'].map((ref) =>
    productRow(ref, {
      attributes: { 'Weight (net.)': { value: 1.5, unit: 'kg' }, Sizes: ['S', 'L'] },
      variants: [
        {
          sku: `${ref}-S`,
          options: OPTIONS,
          offers: [
            { seller: 'acme', sku: `${ref}-a`, price: { amount: 1_000, currency: 'USD' } },
            { seller: 'best', sku: `${ref}-b`, price: { amount: 900, currency: 'EUR' } },
          ],
        },
      ],
    }),
  )
  const report = await catalog.importer.importProducts({
    ...jsonl(rows),
    format: 'jsonl',
    key: 'all',
  })
  assert.deepEqual(report.firstErrors, [])
  const found = await platform.db.query({ text: 'select ref, id from catalog.products' })
  const ids = new Map<string, string>(found.rows.map((row) => [row.ref, row.id]))
  assert.equal(ids.size, rows.length)
  const idOf = (ref: string) => ids.get(ref) as string
  return {
    postgres: (position) => createPostgresStore({ db: platform.db, position }),
    idOf,
    async rename(ref, name) {
      const values = [idOf(ref), name]
      await platform.db.query({
        text: 'update catalog.products set name = $2, version = version + 1 where id = $1',
        values,
      })
    },
  }
}

/** What holds of every store, whichever engine it is in. */
export function describeDocumentStore(
  name: string,
  fixture: StoreFixture,
  open: () => Promise<StoreUnderTest>,
): void {
  const { idOf, rename } = fixture
  const namesOf = async (store: DocumentStore, references: readonly string[]) =>
    (await store.find(references)).map((stored) => stored?.record.name)

  test(`${name}: products come by id and slug, in the order asked, with gaps for the unknown`, async () => {
    const { store } = await open()
    const [p1, p2] = [idOf('p1'), idOf('p2')]
    const [first] = await store.find([p1])
    const slug = first?.record.slug as string
    const unknown = 'prd_00000000000000000000000001'
    for (let round = 0; round < 3; round += 1) {
      const found = await store.find([p2, unknown, slug, p1, 'no-such-slug', p2])
      assert.deepEqual(
        found.map((stored) => stored?.record.id),
        [p2, undefined, p1, p1, undefined, p2],
      )
    }
    assert.deepEqual(await store.find([]), [])
  })

  test(`${name}: a product is the same to the byte at every reading, by every process`, async () => {
    const { store, other, position } = await open()
    const [plain] = await fixture.postgres(position).find([idOf('p1')])
    const expected = JSON.stringify(plain?.record)
    for (const one of [store, store, other, store, other]) {
      const [found] = await one.find([idOf('p1')])
      assert.equal(JSON.stringify(found?.record), expected)
      assert.ok((found?.lifeMs as number) > 0)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    assert.deepEqual(plain?.record.variants[0]?.options, OPTIONS)
  })

  test(`${name}: a product that was dropped is read as it is now, by every process`, async () => {
    const { store, other, position, moveTo } = await open()
    for (const one of [store, other]) await one.find([idOf('p2'), idOf('p3')])
    await rename('p2', `second name ${position()}`)
    const part = { after: position(), upTo: position() + 1, productIds: [idOf('p2')] }
    for (const one of [store, other]) one.drop(part)
    moveTo(part.upTo)
    const expected = [`second name ${part.after}`]
    assert.deepEqual(await namesOf(store, [idOf('p2')]), expected)
    assert.deepEqual(await namesOf(other, [idOf('p2')]), expected)
    assert.deepEqual(await namesOf(store, [idOf('p2')]), expected)
  })

  test(`${name}: when all is dropped nothing old is read`, async () => {
    const { store, position, moveTo } = await open()
    await store.find([idOf('p3'), idOf('p4')])
    await rename('p3', `third name ${position()}`)
    const part = { after: position(), upTo: position() + 1, productIds: 'all' } as const
    store.drop(part)
    moveTo(part.upTo)
    const names = await namesOf(store, [idOf('p3'), idOf('p4')])
    assert.equal(names[0], `third name ${part.after}`)
    assert.equal(names[1] === undefined, false)
  })
}
