import { serveApiReference } from '../../apps/api-reference/index.ts'
import { createStorefront, loadTheme } from '../../apps/storefront/index.ts'
import type { Config } from '../config.ts'
import type { Shop } from '../main.ts'
import { systemChance } from '../platform/chance.ts'
import { systemClock } from '../platform/clock.ts'
import { localTransport } from '../platform/http/local.ts'
import type { Log } from '../platform/log.ts'
import { serveDevMail } from './dev-mail.ts'

/** Mounts the apps that share the API's process: they call it by its contract, without a socket. */
export async function mountApps(
  shop: Shop,
  config: Config,
  provider: Readonly<{ publicUrl: string }> | null,
  operatorKey: string,
  log: Log,
): Promise<void> {
  if (!shop.modules.shop) return
  const { onOutdated } = shop.modules.shop.catalog
  serveApiReference(shop.app, shop.document)
  if (showsMails(config)) {
    const { listMails } = shop.modules.shop.identity.api
    serveDevMail(shop.app, { listMails, operatorKey })
  }
  const theme = config.STOA_THEME === undefined ? {} : { theme: await loadTheme(config.STOA_THEME) }
  const newId = () => Buffer.from(systemChance.bytes(15)).toString('base64url')
  await shop.app.register(
    createStorefront({
      transport: localTransport(shop.bindings, shop.execute, newId, shop.admitLocal),
      publicUrl: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
      providerUrl: provider?.publicUrl ?? null,
      testPayments: config.testProvider,
      secureCookies: config.PUBLIC_URL?.startsWith('https:') ?? false,
      async readPicture(url) {
        const { statusCode, rawPayload } = await shop.app.inject({ url })
        return statusCode === 200 ? rawPayload : undefined
      },
      changes: (tell) => onOutdated(({ productIds }) => tell(productIds)),
      styleguide: config.STOA_DEMO,
      ...theme,
      newId,
      now: () => systemClock.now(),
      log,
    }),
  )
}

/** Whether mails may be looked at: in a demo that sends none. */
export function showsMails(config: Config): boolean {
  return config.STOA_DEMO && config.NODE_ENV !== 'production' && config.SMTP_URL === undefined
}
