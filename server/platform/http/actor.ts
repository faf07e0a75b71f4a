import type { Permission } from '#contracts/kit/permissions.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'

/** The sign-in that a call was made under. */
export type SignedIn = Readonly<{
  sessionId: string
  /** When the person last proved who they are: by password, passkey or provider. */
  authenticatedAt: string
}>

/** Who is calling. `guest` is anyone who has not signed in. */
export type Actor =
  | Readonly<{ kind: 'guest' }>
  | Readonly<{
      kind: 'customer'
      id: string
      session?: SignedIn
      /** What the account is besides; it may not do what it has asked for, or asks as a shopper. */
      staff?: 'operator' | 'seller'
      /** Its rights as staff wait for a second factor. */
      isWaiting?: true
    }>
  | Readonly<{
      kind: 'seller'
      id: string
      /** The sellers for whom the caller may do what the route asks for. */
      sellerIds: readonly string[]
      permissions?: readonly Permission[]
      session?: SignedIn
    }>
  | Readonly<{
      kind: 'operator'
      id: string
      /** Absent: all of them (the installation's own key). */
      permissions?: readonly Permission[]
      session?: SignedIn
    }>

export const GUEST: Actor = { kind: 'guest' }

/** Name of an actor for scopes and audit: `customer:acc_…`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'guest' ? 'guest' : `${actor.kind}:${actor.id}`
}

/** Name of staff for the audit log, also where they may not do what they have asked for. */
export function staffNameOf(actor: Actor): string | undefined {
  if (actor.kind === 'operator' || actor.kind === 'seller') return actorName(actor)
  return actor.kind === 'customer' && actor.staff ? `${actor.staff}:${actor.id}` : undefined
}

/**
 * Somebody who was recognised. One account may shop, work for sellers and operate the shop; as
 * what it calls follows from the route.
 */
export type Principal = Readonly<{
  accountId: string
  session?: SignedIn
  /** What the account may do as an operator; empty if it is none. */
  operator: readonly Permission[]
  sellers: readonly Readonly<{ sellerId: string; permissions: readonly Permission[] }>[]
  /** As what it may do nothing yet, for want of a second factor. */
  waitsAs?: 'operator' | 'seller'
  /** An API key acts for a program, never as a shopper. */
  isProgram?: boolean
}>

/** As what a principal calls a route: as staff where the route is for staff, else as a shopper. */
export function actorFor(principal: Principal, route: RouteSpec): Actor {
  const { accountId: id, operator, sellers } = principal
  const session = principal.session ? { session: principal.session } : {}
  const { access, permission } = route
  if (access.includes('operator') && allows(operator, permission))
    return { kind: 'operator', id, permissions: operator, ...session }
  if (access.includes('seller')) {
    const able = sellers.filter(({ permissions }) => allows(permissions, permission))
    const permissions = [...new Set(able.flatMap((one) => one.permissions))]
    if (able.length > 0) {
      return {
        kind: 'seller',
        id,
        sellerIds: able.map(({ sellerId }) => sellerId),
        permissions,
        ...session,
      }
    }
  }
  if (principal.isProgram) return isOpen(route) ? GUEST : { kind: 'operator', id, permissions: [] }
  const { waitsAs: staff } = principal
  if (staff) return { kind: 'customer', id, ...session, staff, isWaiting: true }
  if (operator.length > 0) return { kind: 'customer', id, ...session, staff: 'operator' }
  if (sellers.length > 0) return { kind: 'customer', id, ...session, staff: 'seller' }
  return { kind: 'customer', id, ...session }
}

/** Whether anyone may call it: what is private is behind an unguessable id or a signature. */
export function isOpen({ access }: Pick<RouteSpec, 'access'>): boolean {
  return access.some((kind) => kind === 'public' || kind === 'holder' || kind === 'provider')
}

/** A route without a word of its own is for those who may do everything. */
function allows(granted: readonly Permission[], permission: Permission | undefined): boolean {
  return granted.includes(permission ?? 'everything')
}

/** Whether an actor may call a route that asks for this permission. */
export function mayDo(actor: Actor, permission: Permission | undefined): boolean {
  if (actor.kind !== 'operator' && actor.kind !== 'seller') return true
  return actor.permissions === undefined || allows(actor.permissions, permission)
}
