import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBookTitle } from './goodbooks/goodbooks.ts'
import { groupItems } from './grocer/grouping.ts'
import { toGrocerName } from './grocer/names.ts'
import { parseSize } from './grocer/sizes.ts'
import { toAttributeName, toAttributeText } from './icecat/attributes.ts'
import { toIcecatName } from './icecat/icecat.ts'
import { toReadableMeasure, unitOf } from './icecat/units.ts'
import { readBarcode, toFoodName } from './openfoodfacts/openfoodfacts.ts'
import { readBrand, readFacts } from './pricerunner/products.ts'

test('a book title gives up its series and volume', () => {
  const title = parseBookTitle('The Hunger Games (The Hunger Games, #1)')
  assert.deepEqual(title, { name: 'The Hunger Games', series: 'The Hunger Games', volume: '1' })
  assert.deepEqual(parseBookTitle('Atonement (Large Print)'), { name: 'Atonement (Large Print)' })
})

test('attribute keys become names as shoppers write them', () => {
  assert.equal(toAttributeName('colour_ink_volume'), 'Colour ink volume')
  assert.equal(toAttributeName('thermal_design_power__tdp_'), 'Thermal design power (TDP)')
  assert.equal(toAttributeName('ethernet_lan__rj_45__ports'), 'Ethernet LAN (RJ-45) ports')
  assert.equal(toAttributeName('usb_2_0_ports_quantity'), 'USB 2.0 ports quantity')
})

test('attribute texts become yes or no, lists or plain words; empty ones go', () => {
  assert.equal(toAttributeText('Y'), true)
  assert.deepEqual(toAttributeText('A3,A4,A5'), ['A3', 'A4', 'A5'])
  assert.equal(toAttributeText('0 - 40'), '0 - 40')
  assert.equal(toAttributeText('N/A'), undefined)
})

test('measures carry their unit, large ones the larger', () => {
  assert.equal(unitOf('processor_frequency', 2.93), 'GHz')
  assert.equal(unitOf('processor_frequency', 533), 'MHz')
  assert.equal(unitOf('number_of_cores', 4), undefined)
  assert.deepEqual(toReadableMeasure(108_000, 'g'), { value: 108, unit: 'kg' })
})

test("Icecat's word for an unfiled product is not part of its name", () => {
  assert.equal(toIcecatName({ title: 'HP Flag Fabric not categorized' }), 'HP Flag Fabric')
})

test("the grocer's clipped words are spelled out", () => {
  const name = (category: string, type: string) => toGrocerName({ category, type })
  assert.equal(name('FRZN ICE', 'ICE - CRUSHED/CUBED'), 'Frozen ice, crushed or cubed')
  assert.equal(name('BEEF', 'LOIN - STK/CHP/SLC'), 'Beef, loin, steaks, chops and slices')
  assert.equal(name('MAKEUP AND TREATMENT', 'COVERGIRL'), 'CoverGirl make-up')
  assert.equal(name('', ''), 'Sundry item')
})

test('package sizes are read in the forms that the grocer writes', () => {
  assert.deepEqual(parseSize('22 LB'), { label: '22 lb', family: 'mass', weightGrams: 9979 })
  assert.equal(parseSize('10 3/4 OZ')?.label, '10.75 oz')
  assert.equal(parseSize('6/12 OZ')?.label, '6 × 12 oz')
  assert.equal(parseSize('AB    8 OZ')?.label, '8 oz')
  assert.equal(parseSize('10 CT/17.5 Z')?.label, '10 count, 17.5 oz')
  assert.equal(parseSize('GAL')?.label, '1 gal')
  assert.equal(parseSize('SCAN KPC'), undefined)
})

test('rows of one line become sizes, and rows that look alike numbered varieties', () => {
  const base = { maker: '69', brand: 'Private', department: 'G', category: 'C', type: 'T' }
  const item = (id: string, rawSize: string) => {
    const size = parseSize(rawSize)
    return { ...base, id, rawSize, ...(size && { size }) }
  }
  const groups = groupItems([
    item('1', '8 OZ'),
    item('2', '16 OZ'),
    item('3', '16 OZ'),
    item('4', '3 CT'),
    item('5', ''),
  ])
  assert.deepEqual(
    groups.map(({ items, options }) => [items.map(({ id }) => id).join(), options.join()]),
    [
      ['1,2,3', 'Size,Variety'],
      ['4', ''],
      ['5', ''],
    ],
  )
})

test('a line of many rows is cut into products of at most 24 variants without loss', () => {
  const base = { maker: '1', brand: 'National', department: 'G', category: 'C', type: 'T' }
  const items = Array.from({ length: 70 }, (_, i) => ({ ...base, id: `${i}`, rawSize: '' }))
  const groups = groupItems(items)
  assert.equal(groups.flatMap((group) => group.items).length, 70)
  assert.ok(groups.every((group) => group.items.length <= 24))
})

test('the barcode of a food comes whole from its address', () => {
  const row = { code: '3.02E+12', url: 'https://world.openfoodfacts.org/product/3017620422003' }
  assert.equal(readBarcode(row), '3017620422003')
  assert.equal(toFoodName({ product_name: 'ACELGA AL NATURAL' }, '1'), 'Acelga al natural')
  assert.equal(toFoodName({ product_name: '', brands: 'Melis' }, '1'), 'Melis 1')
})

test("merchants' titles yield brand, type and size", () => {
  const brands = new Map([['bosch', 'Bosch']])
  assert.equal(readBrand('BOSCH KGN34', brands), 'Bosch')
  assert.equal(readBrand('Russell Hobbs RHM', brands), 'Russell Hobbs')
  const facts = readFacts('Washing Machines', 'hoover 8kg 5kg 1400rpm washer dryer in white')
  assert.equal(facts.type, 'Washer dryer')
  assert.deepEqual(facts.attributes['Spin speed'], { value: 1400, unit: 'rpm' })
})
