import type { FastifyInstance } from 'fastify'
import type { Shop } from '../../lib/shop.ts'
import { addressesRoutes } from './addresses.ts'
import { detailsRoutes } from './details.ts'
import { invitationRoutes } from './invitation.ts'
import { keysRoutes } from './keys.ts'
import { overviewRoute } from './overview.ts'
import { privacyRoutes } from './privacy.ts'
import { recoveryRoutes } from './recovery.ts'
import { registerRoutes } from './register.ts'
import { securityRoutes } from './security.ts'
import { signInRoutes } from './sign-in.ts'
import { passkeySignInRoutes } from './sign-in-passkey.ts'
import { providerSignInRoutes } from './sign-in-provider.ts'
import { waysInRoutes } from './ways-in.ts'
import { yourDataRoutes } from './your-data.ts'

/** Signing in, and everything behind it. Every form works without JavaScript. */
export function accountRoutes(app: FastifyInstance, shop: Shop): void {
  signInRoutes(app, shop)
  passkeySignInRoutes(app, shop)
  providerSignInRoutes(app, shop)
  invitationRoutes(app, shop)
  registerRoutes(app, shop)
  recoveryRoutes(app, shop)
  overviewRoute(app, shop)
  detailsRoutes(app, shop)
  addressesRoutes(app, shop)
  securityRoutes(app, shop)
  waysInRoutes(app, shop)
  keysRoutes(app, shop)
  privacyRoutes(app, shop)
  yourDataRoutes(app, shop)
}
