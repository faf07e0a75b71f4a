let room = new Uint32Array(8_192)

/**
 * Room for the numbers of a sample, which one query after the other writes over: new room for each would
 * keep the collector of garbage busy. What was got before is lost with the next call.
 */
export function roomFor(size: number): Uint32Array {
  if (size > room.length) room = new Uint32Array(Math.max(size, 2 * room.length))
  return room.subarray(0, size)
}
