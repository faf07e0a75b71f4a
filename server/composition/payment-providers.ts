import {
  createPayPalAdapter,
  createStripeAdapter,
  createTestProviderAdapter,
  type PaymentProvider,
  type PaymentsDeps,
} from '../modules/payments/index.ts'
import type { ShopOptions } from '../shop-options.ts'

/** The ways to be paid that the configuration names. A real provider comes before the test bank. */
export function paymentProviders(options: ShopOptions): Pick<PaymentsDeps, 'providers' | 'byHand'> {
  const { config, provider, clock, chance, log } = options
  const providers: PaymentProvider[] = []
  if (config.STRIPE_SECRET_KEY) {
    providers.push(
      createStripeAdapter({
        secretKey: config.STRIPE_SECRET_KEY,
        webhookSecrets: [config.STRIPE_WEBHOOK_SECRET as string],
        ...(config.STRIPE_API_URL ? { apiUrl: config.STRIPE_API_URL } : {}),
        log,
      }),
    )
  }
  if (config.PAYPAL_CLIENT_ID) {
    providers.push(
      createPayPalAdapter({
        clientId: config.PAYPAL_CLIENT_ID,
        clientSecret: config.PAYPAL_CLIENT_SECRET as string,
        webhookId: config.PAYPAL_WEBHOOK_ID as string,
        apiUrl: config.PAYPAL_API_URL,
        clock,
        chance,
        log,
      }),
    )
  }
  if (provider) providers.push(createTestProviderAdapter({ ...provider, clock, chance, log }))
  return { providers, byHand: byHand(config) }
}

function byHand(config: ShopOptions['config']): NonNullable<PaymentsDeps['byHand']> {
  const { BANK_TRANSFER_IBAN: iban, BANK_TRANSFER_BIC: bic } = config
  return {
    cashOnDelivery: config.CASH_ON_DELIVERY ?? config.STOA_DEMO,
    ...(iban
      ? {
          bankTransfer: {
            iban,
            accountHolder: config.BANK_TRANSFER_HOLDER as string,
            days: config.BANK_TRANSFER_DAYS,
            ...(bic ? { bic } : {}),
          },
        }
      : {}),
  }
}
