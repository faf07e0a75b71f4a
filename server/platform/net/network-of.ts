/** An address as it is written by itself: IPv4 without the IPv6 address that may stand for it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** The network that one person may hold: an IPv4 address, the first half of an IPv6 one. */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  return plain.includes(':') ? firstHalf(plain) : plain
}

/** The first 64 bits of an IPv6 address, in one spelling: `2001:db8:0:0`. */
function firstHalf(address: string): string {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const zeros = new Array<string>(missing).fill('0')
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}
