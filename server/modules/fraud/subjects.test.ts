import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADDRESS } from '../../../tests/support/checkout-fakes.ts'
import { createSubjects, mailboxOf, publicNetworkOf } from './subjects.ts'

const subjects = createSubjects(Buffer.alloc(32, 1))

test('whatever leads to one mailbox is one buyer', () => {
  const same = ['Ada.Love+shop@Gmail.com', 'adalove@googlemail.com', ' adalove+2@gmail.com ']
  assert.deepEqual(new Set(same.map(mailboxOf)), new Set(['adalove@gmail.com']))
  assert.equal(mailboxOf('a.b+c@example.com'), 'a.b@example.com', 'dots count elsewhere')
})

test('a network is a /24 or a /64; private addresses say nothing', () => {
  assert.equal(publicNetworkOf('8.8.4.4'), '8.8.4')
  assert.equal(publicNetworkOf('::ffff:8.8.4.4'), '8.8.4')
  assert.equal(publicNetworkOf('2a00:1450:4001:830::200e'), '2a00:1450:4001:830')
  assert.equal(publicNetworkOf('2A00:1450::1'), '2a00:1450:0:0')
  for (const own of ['127.0.0.1', '10.1.2.3', '::1', 'fe80::1', '::ffff:192.168.0.1', 'nonsense']) {
    assert.equal(publicNetworkOf(own), null, own)
  }
})

test('a door is the same however it is written, and nobody reads it from its hash', () => {
  const plain = subjects.ofAddress(ADDRESS)
  const loud = { ...ADDRESS, name: 'Somebody', line1: '12, ST. JAMES-SQUARE', line2: 'Flat 3' }
  assert.equal(subjects.ofAddress(loud).key, plain.key)
  assert.notEqual(subjects.ofAddress({ ...ADDRESS, line1: '13 St James Square' }).key, plain.key)
  assert.match(plain.key, /^address:[\w-]{22}$/)
  const other = createSubjects(Buffer.alloc(32, 2)).ofAddress(ADDRESS)
  assert.notEqual(other.key, plain.key, 'it follows from a secret')
})

test('the buyer comes first: the account, else the e-mail address', () => {
  const traits = {
    customerId: null,
    email: 'ada@example.com',
    shippingAddress: ADDRESS,
    remoteAddress: '8.8.4.4',
    device: 'browser-0001',
  }
  const kinds = (customerId: string | null) =>
    subjects.ofOrder({ ...traits, customerId }).map(({ kind }) => kind)
  assert.deepEqual(kinds(null), ['email', 'address', 'network', 'device'])
  assert.deepEqual(kinds('acc_1'), ['customer', 'email', 'address', 'network', 'device'])
})
