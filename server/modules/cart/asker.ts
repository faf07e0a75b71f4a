import type { Actor } from '../../platform/http/actor.ts'

/** An id is the key to what is a guest's; what is a customer's is for that customer and operators. */
export function asker(actor: Actor): { customerId?: string | null } {
  if (actor.kind === 'operator') return {}
  return { customerId: actor.kind === 'customer' ? actor.id : null }
}

/** Who is signed in, on a route that is for customers alone. */
export function customerOf(actor: Actor): { customerId: string } {
  if (actor.kind !== 'customer') throw new Error(`The route let in a ${actor.kind}`)
  return { customerId: actor.id }
}
