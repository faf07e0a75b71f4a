import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Chance, seededChance, systemChance } from './chance.ts'

const floats = (chance: Chance, count: number) => Array.from({ length: count }, chance.float)

/** Sum of squared deviations from evenness; about `cells` ± 3·√(2·cells) for fair chance. */
function unevenness(draws: readonly number[], cells: number): number {
  const counts = new Array<number>(cells).fill(0)
  for (const draw of draws) counts[draw] = (counts[draw] ?? 0) + 1
  const expected = draws.length / cells
  return counts.reduce((all, count) => all + (count - expected) ** 2 / expected, 0)
}

for (const [name, chance] of [
  ['system', systemChance],
  ['seeded', seededChance(42)],
] as const) {
  test(`${name} chance draws floats evenly from [0, 1), each on its own`, () => {
    const drawn = floats(chance, 40_000)
    assert.ok(drawn.every((float) => float >= 0 && float < 1))
    assert.ok(new Set(drawn).size > 39_900)
    const tenths = drawn.map((float) => Math.floor(float * 100))
    assert.ok(unevenness(tenths, 100) < 170, String(unevenness(tenths, 100)))
    const pairs = tenths.flatMap((tenth, n) =>
      n % 2 === 0 ? [Math.floor(tenth / 10) * 10 + Math.floor((tenths[n + 1] as number) / 10)] : [],
    )
    assert.ok(unevenness(pairs, 100) < 170, String(unevenness(pairs, 100)))
  })

  test(`${name} chance draws bytes evenly, in the number asked for`, () => {
    const drawn = [1, 10, 0, 8_191, 8_192, 8_193, 20_000].flatMap((count) => {
      const bytes = chance.bytes(count)
      assert.equal(bytes.length, count)
      return [...bytes]
    })
    assert.ok(unevenness(drawn, 256) < 350, String(unevenness(drawn, 256)))
  })
}

test('bytes once drawn belong to the caller: later draws do not show in them', () => {
  const held = systemChance.bytes(16)
  const copy = [...held]
  for (let draws = 0; draws < 2_000; draws += 1) systemChance.bytes(16).fill(0)
  assert.deepEqual([...held], copy)
  assert.equal(held.buffer.byteLength, 16)
})

test('the same seed repeats itself, another does not', () => {
  const draw = (seed: number) => {
    const chance = seededChance(seed)
    return [...floats(chance, 20), ...chance.bytes(20), ...floats(chance, 5)]
  }
  assert.deepEqual(draw(7), draw(7))
  const seeds = Array.from({ length: 500 }, (_, seed) => draw(seed)[0])
  assert.equal(new Set(seeds).size, 500)
})

test('bytes that fill what is there are the bytes that would have been drawn', () => {
  for (const chance of [seededChance(7), systemChance]) {
    const target = new Uint8Array(16)
    chance.fill(target, 6)
    assert.deepEqual([...target.subarray(0, 6)], [0, 0, 0, 0, 0, 0])
    assert.notDeepEqual([...target.subarray(6)], new Array(10).fill(0))
    const large = new Uint8Array(20_000)
    chance.fill(large, 0)
    assert.ok(new Set(large).size === 256)
  }
  const filled = new Uint8Array(12)
  seededChance(3).fill(filled, 2)
  assert.deepEqual(filled.subarray(2), seededChance(3).bytes(10))
})
