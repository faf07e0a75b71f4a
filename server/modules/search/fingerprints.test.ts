import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFingerprints, fingerprintOf } from './fingerprints.ts'

const command = fc.record({
  what: fc.constantFrom('note', 'forget'),
  id: fc.integer({ min: 0, max: 2_000 }).map((n) => `prd_${n}`),
  content: fc.integer({ min: 0, max: 2 }),
  live: fc.integer({ min: 0, max: 2 }),
})

test('tells the same as a map would, also when written down and read again', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 4_000, size: 'max' }), (commands) => {
      const model = new Map<string, Readonly<{ content: number; live: number }>>()
      let prints = createFingerprints()
      for (const [place, { what, id, content, live }] of commands.entries()) {
        if (place % 1_000 === 999) prints = createFingerprints(prints.encode())
        const known = model.get(id)
        if (what === 'forget') {
          prints.forget(id)
          model.delete(id)
          continue
        }
        const expected =
          known?.content !== content ? 'content' : known.live !== live ? 'live' : 'none'
        assert.equal(prints.note(id, { content, live }), expected)
        model.set(id, { content, live })
      }
      assert.equal(prints.encode().length, model.size * 16)
    }),
    { numRuns: 30 },
  )
})

test('knows which were seen since a sweep began, also after the table grew', () => {
  const prints = createFingerprints()
  const note = (id: string) => prints.note(id, { content: 1, live: 1 })
  for (const id of ['a', 'b', 'c']) note(id)
  prints.beginSweep()
  assert.equal(prints.unseen(), 3)
  note('a')
  prints.forget('b')
  for (let i = 0; i < 5_000; i += 1) note(`new ${i}`)
  assert.deepEqual(
    ['a', 'b', 'c', 'new 7', 'never'].map((id) => prints.wasSeen(id)),
    [true, false, false, true, false],
  )
  assert.equal(prints.unseen(), 1)
})

test('refuses bytes that are cut short', () => {
  assert.throws(() => createFingerprints(new Uint8Array(15)), RangeError)
})

const document = {
  id: 'a',
  fields: { name: 'x', categoryNames: [], identifiers: [], description: '', attributesText: '' },
  brand: '',
  categoryPath: [],
  sellers: [],
  variants: [],
  prices: [{ market: 'base', currency: 'USD', amount: 1 }],
  inStock: true,
  onSale: false,
  rating: 0,
  reviewCount: 0,
  popularity: 0,
  createdAtMs: 0,
}

test('a price or stock changes what is live, a lost price the content', () => {
  const before = fingerprintOf(document)
  const dearer = fingerprintOf({
    ...document,
    prices: [{ market: 'base', currency: 'USD', amount: 2 }],
    inStock: false,
  })
  assert.equal(dearer.content, before.content)
  assert.notEqual(dearer.live, before.live)
  assert.notEqual(fingerprintOf({ ...document, prices: [] }).content, before.content)
})
