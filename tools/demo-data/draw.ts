import { createHash } from 'node:crypto'

const seed = 'stoa-demo-1'

/**
 * A number in [0, 1) that depends on the key alone, so that every build makes the same catalogue.
 */
export function draw(...key: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(`${seed}|${key.join('|')}`)
    .digest()
  return digest.readUIntBE(0, 6) / 2 ** 48
}

/** A standard normal number from two draws (Box and Muller). */
export function drawNormal(...key: readonly (string | number)[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(...key, 'radius')))
  return radius * Math.cos(2 * Math.PI * draw(...key, 'angle'))
}

/** A whole number in [low, high]. */
export function drawWhole(
  range: Readonly<{ low: number; high: number }>,
  ...key: readonly (string | number)[]
): number {
  return range.low + Math.floor(draw(...key) * (range.high - range.low + 1))
}
