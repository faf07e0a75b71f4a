import { BlockList, isIP } from 'node:net'
import { plainAddress } from './network-of.ts'

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

const LOOKED_MAX = 10_000

/**
 * Whether an address is among those of a list such as `loopback,10.1.2.0/24`: addresses, networks,
 * `loopback` and `private`.
 * @throws Error that names the word which is none of these
 */
export function addressList(words: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const word of words.flatMap((name) => NAMED[name] ?? [name])) add(list, word)
  const looked = new Map<string, boolean>()
  return (address) => {
    const before = looked.get(address)
    if (before !== undefined) return before
    const plain = plainAddress(address)
    const family = isIP(plain)
    const isListed = family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
    // Strangers say what they like here: what is no address is not remembered.
    if (looked.size >= LOOKED_MAX) looked.clear()
    if (family !== 0) looked.set(address, isListed)
    return isListed
  }
}

/** Whether an address is this machine's own. */
export const isLoopback = addressList(['loopback'])

function add(list: BlockList, word: string): void {
  const [address = '', bits] = word.split('/')
  const family = isIP(address)
  const longest = family === 4 ? 32 : 128
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : 999
  if (family === 0 || prefix > longest) throw new Error(`${word} is no address and no network`)
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
}
