import { cartRoutes } from './cart/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import { fraudRoutes } from './fraud/routes.ts'
import { factorRoutes } from './identity/factors.ts'
import { keyRoutes } from './identity/keys.ts'
import { passkeyRoutes } from './identity/passkeys.ts'
import { privacyRoutes } from './identity/privacy.ts'
import { providerRoutes } from './identity/providers.ts'
import { accountRoutes } from './identity/routes.ts'
import { staffRoutes } from './identity/staff.ts'
import { inventoryRoutes } from './inventory/routes.ts'
import type { RouteSpec } from './kit/route.ts'
import { mediaRoutes } from './media/routes.ts'
import { notificationsRoutes } from './notifications/routes.ts'
import { operationsRoutes } from './operations/routes.ts'
import { ordersRoutes } from './orders/routes.ts'
import { paymentsRoutes } from './payments/routes.ts'
import { pricingRoutes } from './pricing/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { shippingRoutes } from './shipping/routes.ts'

/** Every route of the API. The server, the OpenAPI document and the SDK all come from this list. */
export const allRoutes: readonly RouteSpec[] = [
  ...catalogRoutes,
  ...searchRoutes,
  ...cartRoutes,
  ...pricingRoutes,
  ...ordersRoutes,
  ...paymentsRoutes,
  ...fraudRoutes,
  ...shippingRoutes,
  ...inventoryRoutes,
  ...operationsRoutes,
  ...mediaRoutes,
  ...notificationsRoutes,
  ...accountRoutes,
  ...factorRoutes,
  ...passkeyRoutes,
  ...keyRoutes,
  ...staffRoutes,
  ...providerRoutes,
  ...privacyRoutes,
]
