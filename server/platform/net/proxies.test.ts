import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressList, isLoopback } from './proxies.ts'

test('a list names addresses, networks, loopback and private networks, in both families', () => {
  const has = addressList(['loopback', 'private', '203.0.113.9', '2001:db8::/32'])
  for (const one of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.9.8.7', 'fd00::1', '203.0.113.9'])
    assert.ok(has(one), one)
  assert.ok(has('2001:db8:1::5'))
  for (const one of ['203.0.113.8', '8.8.8.8', '2001:db9::1', 'localhost', ''])
    assert.ok(!has(one), one)
  assert.ok(!isLoopback('10.0.0.1'))
})

test('what is no address and no network is named', () => {
  for (const word of ['proxy', '10.0.0.0/33', '::/129', '10.0.0.0/x', ''])
    assert.throws(() => addressList([word]), /is no address and no network/, word)
})
