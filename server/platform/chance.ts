import { randomBytes, randomFillSync } from 'node:crypto'

/** The only source of chance. Everything else is handed one, so that a run can be repeated. */
export type Chance = Readonly<{
  bytes(count: number): Uint8Array
  /** Draws all bytes of `target` from place `from` on: what `bytes` gives, and nothing new. */
  fill(target: Uint8Array, from: number): void
  /** Uniform in [0, 1). */
  float(): number
}>

const POOL_BYTES = 8192
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** The next bytes of the pool are the caller's: those before `used`. */
function draw(count: number): void {
  if (used + count > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  used += count
}

/** Cryptographically strong; drawn in blocks, because one system call a draw is slow. */
export const systemChance: Chance = {
  bytes(count) {
    if (count > POOL_BYTES) return randomBytes(count)
    draw(count)
    return pool.slice(used - count, used)
  },
  fill(target, from) {
    const count = target.length - from
    if (count > POOL_BYTES) return void target.set(randomBytes(count), from)
    draw(count)
    for (let place = 0; place < count; place += 1)
      target[from + place] = pool[used - count + place] as number
  },
  float() {
    const [high = 0, low = 0] = new Uint32Array(systemChance.bytes(8).buffer)
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
  },
}

/** The same draws for the same seed (sfc32). For tests and simulation; never for secrets. */
export function seededChance(seed: number): Chance {
  let [a, b, c, counter] = [seed >>> 0, 0x9e3779b9, 0x243f6a88, 1]
  const next = () => {
    const sum = (((a + b) >>> 0) + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }
  for (let warm = 0; warm < 16; warm += 1) next()
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    fill(target, from) {
      for (let place = from; place < target.length; place += 1) target[place] = next() & 0xff
    },
    float: () => next() / 2 ** 32,
  }
}
