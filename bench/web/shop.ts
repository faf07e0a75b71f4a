import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killShops, startShopProcess } from '../../tests/support/shop-process.ts'

const LOADING_MS = 10 * 60_000

export type MeasuredShop = Readonly<{ url: string; stop(): Promise<void> }>

/** A shop of the demo catalogue in a process of its own, removed at the end. */
export async function startMeasuredShop(dataFolder: string): Promise<MeasuredShop> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-web-'))
  const env = { NODE_ENV: 'production', FETCH_PICTURES: 'off' }
  const shop = await startShopProcess({ home, dataFolder, env, readyMs: LOADING_MS })
  return {
    url: shop.url,
    async stop() {
      await killShops()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
