import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { CartApi } from './api.ts'
import { createPersonalData } from './personal-data.ts'
import { sweepCarts, sweepKeys } from './repository.ts'
import { cartBindings } from './routes.ts'
import { type CartServiceDeps, createCartService } from './service.ts'
import { createWishes } from './wishes.ts'
import type { WishesApi } from './wishlist-api.ts'
import { sweepWishlists } from './wishlist-repository.ts'
import { wishlistBindings } from './wishlist-routes.ts'
import { createWishlists } from './wishlists.ts'

export type CartDeps = CartServiceDeps & Readonly<{ log: Log }>

const HOUR_MS = 3_600_000
const KEEP_KEYS_MS = 72 * HOUR_MS
const KEEP_CARTS_MS = 90 * 24 * HOUR_MS
const KEEP_WISHLISTS_MS = 365 * 24 * HOUR_MS

export function createCart(deps: CartDeps): ModuleParts<CartApi & WishesApi> {
  const { db, clock } = deps
  const api = createCartService(deps)
  const wishlists = createWishlists({ ...deps, cart: api })
  const ago = (ms: number) => new Date(clock.now().getTime() - ms).toISOString()
  return {
    api: { ...api, ...createWishes(deps, wishlists) },
    routes: [...cartBindings(api), ...wishlistBindings(wishlists)],
    consumers: [],
    personalData: createPersonalData(db),
    tickers: [],
    jobs: [
      {
        name: 'cart.sweep',
        cron: '20 * * * *',
        async run(_payload, { signal }) {
          while (!signal.aborted && (await sweepKeys(db, ago(KEEP_KEYS_MS))) > 0);
          while (!signal.aborted && (await sweepCarts(db, ago(KEEP_CARTS_MS))) > 0);
          while (!signal.aborted && (await sweepWishlists(db, ago(KEEP_WISHLISTS_MS))) > 0);
        },
      },
    ],
  }
}
