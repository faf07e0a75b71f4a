import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readAddressBook } from './addresses.ts'
import { createLocator } from './places.ts'

const referenceFolder = join(import.meta.dirname, '../../../data/reference')
const book = await readAddressBook(referenceFolder)
const locate = createLocator(referenceFolder)

function wrongFields(country: string, postalCode: string, region?: string): string[] {
  const address = { name: 'A B', line1: 'Street 1', city: 'City', postalCode, country }
  return book
    .check({ ...address, ...(region === undefined ? {} : { region }) }, 'body.shippingAddress')
    .map(({ path }) => path)
}

test('addresses are checked by the rules of their country', () => {
  const code = ['body.shippingAddress.postalCode']
  const region = ['body.shippingAddress.region']
  assert.deepEqual(wrongFields('DE', '10115'), [])
  assert.deepEqual(wrongFields('DE', '1011'), code)
  assert.deepEqual(wrongFields('DE', '10115', 'Berlin'), [])
  assert.deepEqual(wrongFields('US', '94105', 'CA'), [])
  assert.deepEqual(wrongFields('US', '94105-1234', 'california'), [])
  assert.deepEqual(wrongFields('US', '94105'), region)
  assert.deepEqual(wrongFields('US', '94105', 'Bavaria'), region)
  assert.deepEqual(wrongFields('US', 'SW1A 1AA', 'US-NY'), code)
  assert.deepEqual(wrongFields('GB', 'sw1a 1aa'), [])
  assert.deepEqual(wrongFields('GB', '12345'), code)
  assert.deepEqual(wrongFields('CA', 'H3Z 2Y7', 'Québec'), [])
  assert.deepEqual(wrongFields('JP', '100-0001', 'Tokyo'), [])
  assert.deepEqual(wrongFields('XX', '1'), ['body.shippingAddress.country'])
})

test('postal codes are found, whole or in the part that is known', () => {
  const near = (country: string, code: string, latitude: number, longitude: number) => {
    const place = locate(country, code)
    assert.ok(place, `${country} ${code}`)
    assert.ok(Math.abs(place.latitude - latitude) < 0.2, `${code} ${place.latitude}`)
    assert.ok(Math.abs(place.longitude - longitude) < 0.2, `${code} ${place.longitude}`)
  }
  near('US', '94105', 37.79, -122.39)
  near('US', '94105-1234', 37.79, -122.39)
  near('DE', '10115', 52.53, 13.38)
  near('FR', '75001', 48.86, 2.34)
  near('GB', 'SW1A 1AA', 51.5, -0.13)
  near('GB', 'sw1a1aa', 51.5, -0.13)
  near('CA', 'H3Z 2Y7', 45.49, -73.58)
  near('DE', '10118', 52.5, 13.4)
  assert.equal(locate('DE', 'XX'), undefined)
  assert.equal(locate('JP', '100-0001'), undefined)
})
