import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseCategories } from './category-tree.ts'

/** Values from `a/b: count`, where `a` is the parent. */
function valuesOf(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([path, count]) => {
    const [value, parent = null] = path.split('/').reverse()
    return { value: value ?? '', parent, count, selected: false }
  })
}

const SHOP = valuesOf({
  electronics: 762,
  'electronics/accessories': 380,
  'electronics/computers': 362,
  'electronics/video': 20,
  'computers/laptops': 360,
  'computers/desktops': 2,
  'accessories/cables': 190,
  'accessories/power': 190,
  luggage: 150,
  'luggage/bags': 150,
})

const chosen = (id?: string) => chooseCategories(SHOP, id).map(({ value }) => value)

test('the tree goes down to where results split, and tells a sort that is nearly all of its branch', () => {
  assert.deepEqual(chosen(), [
    'electronics',
    'accessories',
    'computers',
    'laptops',
    'video',
    'luggage',
  ])
})

test('a chosen category stands among its ancestors and siblings, its children below it', () => {
  assert.deepEqual(chosen('accessories'), [
    'electronics',
    'accessories',
    'cables',
    'power',
    'computers',
    'video',
    'luggage',
  ])
})

test('a chosen category without products stays in sight', () => {
  const values = [...SHOP, { value: 'audio', parent: 'electronics', count: 0, selected: true }]
  assert.ok(chooseCategories(values, 'audio').some(({ value }) => value === 'audio'))
})

test('however many there are, few are shown, the chosen one among them', () => {
  const many = Array.from({ length: 300 }, (_, i) => [`c${i}`, 300 - i] as const)
  const shown = chooseCategories(valuesOf(Object.fromEntries(many)), 'c299')
  assert.deepEqual([shown.length, shown.at(-1)?.value], [11, 'c299'])
})
