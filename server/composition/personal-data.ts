import type { OrdersApi } from '../modules/orders/index.ts'
import type { DataSubject, ModuleParts, OrderData, PersonalData } from '../platform/module.ts'

/** What modules keep of persons, by the module's name: of the account, and of its orders. */
export function personalDataOf(
  modules: Readonly<Record<string, ModuleParts<unknown>>>,
  listOrders: OrdersApi['listOfPerson'],
): Readonly<Record<string, PersonalData>> {
  const keepers = Object.entries(modules).flatMap(([name, { personalData, orderData }]) => {
    const both = [
      ...(personalData ? [personalData] : []),
      ...(orderData ? [ofOrders(orderData)] : []),
    ]
    return both.length === 0 ? [] : [[name, together(both)] as const]
  })
  return Object.fromEntries(keepers)

  function ofOrders(data: OrderData): PersonalData {
    return {
      export: async (subject) => data.export(await orderIdsOf(subject)),
      erase: async (subject) => data.erase(await orderIdsOf(subject)),
    }
  }

  async function orderIdsOf(subject: DataSubject): Promise<string[]> {
    return (await listOrders(subject)).map(({ id }) => id)
  }
}

/** Several keepers as one. */
export function together(keepers: readonly PersonalData[]): PersonalData {
  return {
    async export(subject) {
      const parts = await Promise.all(keepers.map((keeper) => keeper.export(subject)))
      return Object.assign({}, ...parts) as Record<string, unknown>
    },
    async erase(subject) {
      const erased = []
      for (const keeper of keepers) erased.push(...(await keeper.erase(subject)))
      return erased
    },
  }
}
