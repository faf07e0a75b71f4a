import { BlockList, isIP } from 'node:net'

// Addresses that no public host has: IANA's special-purpose registries. Two lists, because one would
// look at IPv4 addresses as at those of IPv6 that stand for them.
const SPECIAL_V4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  SPECIAL_V4.addSubnet(network, prefix, 'ipv4')
const SPECIAL_V6 = new BlockList()
for (const [network, prefix] of [
  // Those that stand for an IPv4 address (mapped, NAT64, Teredo, 6to4) are refused whatever it is.
  ['::', 64],
  ['64:ff9b::', 32],
  ['2001::', 23],
  ['2002::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  SPECIAL_V6.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return family === 4 ? !SPECIAL_V4.check(address, 'ipv4') : !SPECIAL_V6.check(address, 'ipv6')
}
