import type { Payment, PaymentsApi } from './api.ts'

/** Where transfers go. */
export type BankAccount = Readonly<{ accountHolder: string; iban: string; bic?: string }>

/** Tells with each payment by transfer where it goes. */
export function withAccount(api: PaymentsApi, account: BankAccount | undefined): PaymentsApi {
  if (!account) return api
  const { accountHolder, iban, bic } = account
  const where = { accountHolder, iban, ...(bic ? { bic } : {}) }
  const show = <P extends Payment | null>(payment: P): P =>
    payment?.shown.transfer
      ? {
          ...payment,
          shown: { ...payment.shown, transfer: { ...payment.shown.transfer, ...where } },
        }
      : payment
  return {
    ...api,
    charge: async (input) => show(await api.charge(input)),
    getByOrder: async (input) => show(await api.getByOrder(input)),
    resolve: async (input) => show(await api.resolve(input)),
  }
}
