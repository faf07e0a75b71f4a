/**
 * Where a request comes from: the last address, from here outwards, that one of our own proxies
 * names. As Fastify's `request.ip`.
 * @param forwarded The header `X-Forwarded-For`.
 */
export function visitorAddress(
  { remoteAddress, forwarded }: Readonly<{ remoteAddress: string; forwarded: string | undefined }>,
  isProxy: (address: string) => boolean,
): string {
  let address = remoteAddress
  if (forwarded === undefined) return address
  for (const named of forwarded.split(',').toReversed()) {
    const next = named.trim()
    if (next === '') continue
    if (!isProxy(address)) break
    address = next
  }
  return address
}
