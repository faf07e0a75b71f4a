import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import { type AddressBook, readAddressBook } from './addresses.ts'
import type { ShippingApi, ShipsFrom } from './api.ts'
import { createDemoCarrier } from './demo-carrier.ts'
import { createOptions } from './options.ts'
import { createOrderData } from './personal-data.ts'
import { createLocator, type Locate } from './places.ts'
import { shippingBindings } from './routes.ts'
import { createShipments } from './shipments.ts'

export type ShippingDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  /** Folder of the address formats and the places of postal codes. */
  referenceFolder: string
  /** Whether a carrier is played that moves every new parcel to its delivery. */
  demoCarrier?: boolean
  /** Inventory's word, from the composition root; without it a usual warehouse is taken. */
  shipsFrom?: ShipsFrom
}>

/** `locate` is for the composition root to hand to inventory. */
export type ShippingParts = ModuleParts<ShippingApi> & Readonly<{ locate: Locate }>

export function createShipping({
  db,
  outbox,
  ids,
  clock,
  referenceFolder,
  demoCarrier = false,
  shipsFrom = async () => [],
}: ShippingDeps): ShippingParts {
  let book: Promise<AddressBook> | undefined
  const addressBook = () => {
    book ??= readAddressBook(referenceFolder)
    return book
  }
  const api: ShippingApi = {
    async checkAddress({ address, path }) {
      return (await addressBook()).check(address, path)
    },
    ...createOptions({ db, clock }),
    ...createShipments({ db, outbox, ids, clock, demoCarrier }),
  }
  return {
    api,
    orderData: createOrderData(db),
    locate: createLocator(referenceFolder),
    routes: shippingBindings(api, shipsFrom),
    consumers: [],
    tickers: demoCarrier ? [createDemoCarrier({ db, clock, recordScan: api.recordScan })] : [],
    jobs: [],
    async start() {
      await addressBook()
    },
  }
}
