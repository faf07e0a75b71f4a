import type { Messages } from '../../messages/index.ts'

/** What a way of delivery is called: the usual ones in the shopper's language, others as the shop named them. */
export function shippingName(
  { shippingNames }: Messages,
  { name }: Readonly<{ name: string }>,
): string {
  return shippingNames[name.toLowerCase()] ?? name
}
