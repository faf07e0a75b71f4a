/** Who is calling. `guest` is anyone who has not signed in. */
export type Actor =
  | Readonly<{ kind: 'guest' }>
  | Readonly<{ kind: 'customer'; id: string }>
  | Readonly<{ kind: 'seller'; id: string; sellerId: string }>
  | Readonly<{ kind: 'operator'; id: string }>

export const GUEST: Actor = { kind: 'guest' }

/** Name of an actor for scopes and audit: `customer:cus_…`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'guest' ? 'guest' : `${actor.kind}:${actor.id}`
}
