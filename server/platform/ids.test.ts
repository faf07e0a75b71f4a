import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '#contracts/kit/ids.ts'
import { seededChance } from './chance.ts'
import { createIds, derivedId, shardFor, shardOf, timeOf } from './ids.ts'

const clockAt = (ms: number) => ({
  now: () => new Date(ms),
  monotonicMs: () => ms,
  sleep: async () => {},
})

test('an id keeps its prefix, its time order and its shard tag', () => {
  const earlier = createIds({ clock: clockAt(1_700_000_000_000), chance: seededChance(1) })
  const later = createIds({ clock: clockAt(1_700_000_000_001), chance: seededChance(2) })
  for (let tag = 0; tag < 4096; tag += 1) {
    const made = earlier.make('ord', tag)
    assert.equal(shardOf(made), tag)
    assert.equal(timeOf(made).getTime(), 1_700_000_000_000)
    assert.ok(id('ord').safeParse(made).success, made)
    assert.ok(made < later.make('ord', 0))
  }
})

test('a tag is drawn when none is given, and shard keys spread', () => {
  const ids = createIds({ clock: clockAt(0), chance: seededChance(3) })
  const drawn = new Set(Array.from({ length: 2000 }, () => shardOf(ids.make('x'))))
  assert.ok(drawn.size > 1400, String(drawn.size))
  const spread = new Set(Array.from({ length: 2000 }, (_, n) => shardFor(`customer-${n}`)))
  assert.ok(spread.size > 1400, String(spread.size))
})

test('a derived id is the same for the same words', () => {
  const at = new Date(1_700_000_000_000)
  assert.equal(derivedId('a', 'k', { at, shard: 7 }), derivedId('a', 'k', { at, shard: 7 }))
  assert.notEqual(derivedId('a', 'k', { at, shard: 7 }), derivedId('a', 'l', { at, shard: 7 }))
  assert.equal(shardOf(derivedId('a', 'k', { at, shard: 7 })), 7)
})

test('an id of a year that no timestamp writes has the last moment that one can', () => {
  assert.equal(timeOf('ord_77599045nyxkt3ck0fp19wdr00').toISOString(), '9999-12-31T23:59:59.999Z')
})

test('something that is no id has no shard', () => {
  assert.throws(() => shardOf('ord_123'), RangeError)
  assert.throws(() => shardOf(`ord_${'U'.repeat(26)}`), RangeError)
})
