import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemChance as chance } from './chance.ts'
import {
  createVault,
  parseVaultKeys,
  type VaultKeys,
  withNewKey,
  withoutOldKeys,
  writeVaultKeys,
} from './vault.ts'

const OLD = { id: 'k1', key: chance.bytes(32) }
const NEW = { id: 'k2', key: chance.bytes(32) }

test('what is sealed opens at its place, and nowhere else', () => {
  const vault = createVault({ keys: [NEW], chance })
  const sealed = vault.seal('JBSWY3DPEHPK3PXP', 'totp:acc_1')
  assert.ok(!sealed.includes('JBSW'))
  assert.equal(vault.open(sealed, 'totp:acc_1'), 'JBSWY3DPEHPK3PXP')
  assert.throws(() => vault.open(sealed, 'totp:acc_2'))
})

test('a changed byte does not open', () => {
  const vault = createVault({ keys: [NEW], chance })
  const sealed = vault.seal('text', 'here')
  const broken = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  assert.throws(() => vault.open(broken, 'here'))
})

test('a key that was rotated out of use still opens, and tells that it is stale', () => {
  const before = createVault({ keys: [OLD], chance }).seal('text', 'here')
  const vault = createVault({ keys: [NEW, OLD], chance })
  assert.equal(vault.open(before, 'here'), 'text')
  assert.equal(vault.isStale(before), true)
  assert.equal(vault.isStale(vault.seal('text', 'here')), false)
  assert.throws(() => createVault({ keys: [NEW], chance }).open(before, 'here'), /no key k1/)
})

test('what is derived stays the same when a newer key seals', () => {
  const before = createVault({ keys: [OLD], chance }).derive('gift card 1')
  const after = createVault({ keys: [NEW, OLD], chance })
  assert.deepEqual(after.derive('gift card 1'), before)
  assert.notDeepEqual(after.derive('gift card 2'), before)
})

test('keys are read by name; what is no key is refused', () => {
  const text = Buffer.from(NEW.key).toString('base64')
  assert.deepEqual(
    parseVaultKeys(`a:${text}, b:${text}`).map(({ id }) => id),
    ['a', 'b'],
  )
  assert.throws(() => parseVaultKeys('a:short'), RangeError)
})

test('a rotation: the new key seals, the old opens until it goes, and what is derived never changes', () => {
  const before = createVault({ keys: [OLD], chance })
  const sealed = before.seal('text', 'here')
  const during = withNewKey([OLD], NEW)
  const vault = createVault({ keys: during, chance })
  assert.deepEqual(vault.keyIds(), ['k2', 'k1'])
  assert.equal(vault.open(sealed, 'here'), 'text')
  const after = createVault({ keys: withoutOldKeys(during), chance })
  assert.deepEqual(after.keyIds(), ['k2'])
  assert.throws(() => after.open(sealed, 'here'), /no key k1/)
  for (const later of [vault, after])
    assert.deepEqual(later.derive('gift card 1'), before.derive('gift card 1'))
  const third = { id: 'k3', key: chance.bytes(32) }
  const again = createVault({ keys: withNewKey(withoutOldKeys(during), third), chance })
  assert.deepEqual(again.derive('gift card 1'), before.derive('gift card 1'))
})

test('the oldest key does not go while it is the only one that derives', () => {
  assert.throws(() => withoutOldKeys([NEW, OLD]), /still derives/)
})

test('a key that another process added is found when something sealed with it is opened', () => {
  let kept: VaultKeys = [OLD]
  const vault = createVault({ keys: () => kept, chance })
  kept = withNewKey(kept, NEW)
  const sealed = createVault({ keys: kept, chance }).seal('text', 'here')
  assert.equal(vault.open(sealed, 'here'), 'text')
  assert.equal(vault.isStale(vault.seal('text', 'here')), false)
})

test('keys are written as they are read', () => {
  const keys = withNewKey([OLD], NEW)
  assert.deepEqual(
    parseVaultKeys(writeVaultKeys(keys)).map(({ id, key }) => [id, Buffer.from(key)]),
    keys.map(({ id, key }) => [id, Buffer.from(key)]),
  )
})
