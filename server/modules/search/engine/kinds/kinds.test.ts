import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSearchEngine, PRODUCT_SYNONYMS, type SearchDocument } from '../index.ts'
import { named, upserts } from '../testing/documents.ts'
import { phrasesOf } from './phrases.ts'

const PHRASES: readonly (readonly [name: string, phrases: readonly string[]])[] = [
  ['Laptops', ['laptop']],
  ['Laptop Bags', ['laptop bag']],
  ['Mice & Trackballs', ['mouse', 'trackball']],
  ['Printers, Copiers & Fax Machines', ['printer', 'copier', 'fax machine']],
  ['TV & Monitor Mounts', ['tv mount', 'monitor mount']],
  ['Camera Bags & Cases', ['camera bag', 'camera case']],
  ['Shampoo & Conditioner', ['shampoo', 'conditioner']],
  [
    'Digital Single-Lens Reflex (DSLR) Cameras',
    ['digital single lens reflex camera', 'dslr camera'],
  ],
  ['', []],
]

for (const [name, phrases] of PHRASES) {
  test(`a category called ${JSON.stringify(name)} names its kinds`, () => {
    assert.deepEqual(
      phrasesOf(name).map((phrase) => phrase.join(' ')),
      phrases,
    )
  })
}

/** `count` products of one name in a category, told by its names from the root on. */
function filed(name: string, path: readonly string[], count = 4): SearchDocument[] {
  return Array.from({ length: count }, (_, i) => {
    const { id, fields, ...rest } = named(`${path.at(-1)}-${name}-${i}`, name)
    const categoryPath = path.map((_each, level) => path.slice(0, level + 1).join('/'))
    return { ...rest, id, categoryPath, fields: { ...fields, categoryNames: path } }
  })
}

const SHOP = [
  ...filed('Contoso nx6110 notebook', ['Computers', 'Laptops']),
  ...filed('Targa sleeve', ['Luggage', 'Laptop Bags']),
  ...filed('Laptop laptop sleeve', ['Luggage', 'Laptop Bags']),
  ...filed('Laptop battery', ['Power', 'Laptop Batteries']),
  ...filed('Contoso LaserJet 400', ['Printing', 'Printers & Copiers']),
  ...filed('Printer printer stand', ['Printing', 'Printer Stands']),
  ...filed('Cyan ink for printer', ['Printing', 'Toner & Inkjet Cartridges']),
  ...filed('USB A-B printer cable', ['Electronics', 'Cables']),
  ...filed('Pixel 9', ['Phones', 'Mobile & Smart Phones'], 9),
  ...filed('Phone phone case', ['Phones', 'Mobile Phone Cases']),
  ...filed('Sony Bravia', ['Video', 'Televisions']),
  ...filed('TV wall mount', ['Video', 'TV & Monitor Mounts']),
  ...filed('Camera lens filter', ['Cameras & Optics', 'Lens Filters']),
  ...filed('Powershot', ['Cameras & Optics', 'Cameras', 'Digital Cameras']),
]

function kindsOf(text: string, documents: readonly SearchDocument[] = SHOP): readonly string[] {
  const engine = createSearchEngine({ synonyms: PRODUCT_SYNONYMS })
  engine.apply(upserts(documents))
  engine.merge()
  const kinds = new Map(documents.map(({ id, fields }) => [id, fields.categoryNames.at(-1)!]))
  const { hits } = engine.search({ text, limit: 4 })
  return [...new Set(hits.map(({ id }) => kinds.get(id)!))]
}

const ASKED: readonly (readonly [text: string, kind: string])[] = [
  ['laptop', 'Laptops'],
  ['laptops', 'Laptops'],
  ['notebook computer', 'Laptops'],
  ['contoso laptop 15 inch', 'Laptops'],
  ['lpatop', 'Laptops'],
  ['laptop bag', 'Laptop Bags'],
  ['laptop sleeve', 'Laptop Bags'],
  ['battery for laptop', 'Laptop Batteries'],
  ['printer', 'Printers & Copiers'],
  ['printer cable', 'Cables'],
  ['ink for printer', 'Toner & Inkjet Cartridges'],
  ['phone', 'Mobile & Smart Phones'],
  ['cell phone', 'Mobile & Smart Phones'],
  ['phone case', 'Mobile Phone Cases'],
  ['tv', 'Televisions'],
  ['tv mount', 'TV & Monitor Mounts'],
  ['camera', 'Digital Cameras'],
]

for (const [text, kind] of ASKED) {
  test(`"${text}" asks for ${kind}`, () => {
    assert.deepEqual(kindsOf(text), [kind])
  })
}

test('a brand that is also a kind of thing does not drown the brand’s products', () => {
  const documents = [
    ...filed('Apples', ['Food', 'Apples'], 3),
    ...filed('Apple Phone', ['Phones'], 9).map((each) => ({ ...each, brand: 'Apple' })),
  ]
  const engine = createSearchEngine()
  engine.apply(upserts(documents))
  const [best] = engine.search({ text: 'apple', explain: true }).hits
  assert.equal(best?.explanation?.boosts['kind'] ?? 1, 1)
})

test('the kind is one of the parts of a score, and no part of plain BM25', () => {
  const engine = createSearchEngine({ synonyms: PRODUCT_SYNONYMS })
  engine.apply(upserts(SHOP))
  const [best] = engine.search({ text: 'laptop', explain: true }).hits
  assert.equal(best?.explanation?.boosts['kind'], Math.fround(3.4))
  const plain = createSearchEngine({ plain: true })
  plain.apply(upserts(SHOP))
  const hits = plain.search({ text: 'printer', explain: true }).hits
  assert.ok(hits.every(({ explanation }) => explanation?.boosts['kind'] === undefined))
})

test('what is filed among laptops and is called like something else comes after the laptops', () => {
  const misfiled = { ...filed('FireWire adapter for laptop', ['Computers', 'Laptops'], 1)[0]! }
  const documents = [
    ...SHOP,
    misfiled,
    ...filed('FireWire adapter', ['Electronics', 'Adapters'], 40),
  ]
  const engine = createSearchEngine({ synonyms: PRODUCT_SYNONYMS })
  engine.apply(upserts(documents))
  const { hits } = engine.search({ text: 'laptop', limit: 5, explain: true })
  assert.equal(hits[4]?.id, misfiled.id)
  assert.ok(hits[4].explanation!.boosts['fit']! < 1)
})

test('a value of an attribute counts more than the same word in a description', () => {
  const described = named('a', 'sofa')
  const engine = createSearchEngine()
  engine.apply(
    upserts([
      { ...described, fields: { ...described.fields, attributesText: 'goes with red walls' } },
      {
        ...named('b', 'sofa', { variants: [[{ name: 'colour', value: 'Red' }]] }),
        fields: { ...described.fields, attributesText: 'Red' },
      },
    ]),
  )
  assert.equal(engine.search({ text: 'red sofa' }).hits[0]?.id, 'b')
})

test('few new products beside many change nothing that is known of kinds until they are merged', () => {
  const engine = createSearchEngine({ synonyms: PRODUCT_SYNONYMS })
  engine.apply(upserts(SHOP))
  const before = engine.search({ text: 'laptop', limit: 4 }).hits.map(({ id }) => id)
  engine.apply(upserts(filed('Zebra', ['Animals', 'Zebras'], 1)))
  assert.deepEqual(
    engine.search({ text: 'laptop', limit: 4 }).hits.map(({ id }) => id),
    before,
  )
  engine.merge()
  assert.equal(engine.search({ text: 'zebra' }).total, 1)
})
