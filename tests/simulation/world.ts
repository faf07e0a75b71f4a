import { inventoryProblem } from '#contracts/inventory/problems.ts'
import { orderCancelled, orderConfirmed, orderCreated } from '#contracts/orders/events.ts'
import { paymentFailed, paymentProcessed } from '#contracts/payments/events.ts'
import type { FraudApi, Screened } from '../../server/modules/fraud/index.ts'
import { createInventory, type InventoryApi } from '../../server/modules/inventory/index.ts'
import { createOrders } from '../../server/modules/orders/index.ts'
import { createPayments } from '../../server/modules/payments/index.ts'
import type { ProviderNotice } from '../../server/modules/payments/provider.ts'
import { seededChance } from '../../server/platform/chance.ts'
import type { Consumer } from '../../server/platform/events/consumer.ts'
import { createOutbox } from '../../server/platform/events/outbox.ts'
import { createConsumerRunner } from '../../server/platform/events/runner.ts'
import type { CallContext } from '../../server/platform/http/binding.ts'
import { createIds, shardFor } from '../../server/platform/ids.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createVault } from '../../server/platform/vault.ts'
import { createFakeCart, createFakePricing, createFakeShipping } from '../support/checkout-fakes.ts'
import { createBank } from './bank.ts'
import { createBus } from './bus.ts'
import { createMemoryDatabase, type Twins } from './memory/database.ts'
import { beginTransaction } from './memory/engine.ts'
import type { Plant } from './plants.ts'
import { type Faults, type Process, remote, startProcess } from './process.ts'
import { createScheduler, type Draw, drawFrom } from './scheduler.ts'
import { inventoryTwins } from './twins/inventory.ts'
import { orderTwins } from './twins/orders.ts'
import { paymentTwins } from './twins/payments.ts'
import { platformTwins } from './twins/platform.ts'
import { createTables, type Tables, type WarehouseRow } from './twins/tables.ts'

const RESERVATION_TTL_SECONDS = 60
const PAYMENT_WINDOW_MS = 5 * 60_000

/** The simulation's own consumer counts how often each event took effect. */
const effectTwins: Twins<Tables> = {
  'simulation.count_effects': ({ t, tx, v }) => {
    for (const eventId of v[0] as string[]) {
      const times = (t.effects.find(tx, eventId)?.times ?? 0) + 1
      if (times === 1) t.effects.insert(tx, { eventId, times })
      else t.effects.update(tx, eventId, { times })
    }
    return []
  },
}

const counting: Consumer = {
  name: 'simulation.count_effects',
  events: [orderCreated, orderConfirmed, orderCancelled, paymentProcessed, paymentFailed],
  async handle(tx, events) {
    const name = 'simulation.count_effects'
    await tx.query({ name, text: '', values: [events.map(({ id }) => id)] })
  },
}

/**
 * Stock of which every tenth dispatch finds nothing, though it lay there when the order looked. Decided by the
 * dispatch's own key, as a final refusal is: the same answer whenever and by whomever it is asked.
 */
export function losingStock<Api extends Pick<InventoryApi, 'ship'>>(inventory: Api): Api {
  return {
    ...inventory,
    async ship(input) {
      if (shardFor(input.shipmentKey) % 10 === 0)
        throw inventoryProblem('inventory.insufficient_stock')
      await inventory.ship(input)
    },
  }
}

/** A server process with the real modules on the simulated machine. */
export type Server = ReturnType<typeof startServer>

type Machine = Readonly<{
  world: Omit<World, 'servers' | 'serve' | 'live'>
  process: Process
  seed: number
  plant: Plant
}>

function startServer({ world, process, seed, plant }: Machine) {
  const { clock } = process
  const chance = seededChance(seed)
  const ids = createIds({ clock, chance })
  const twins = {
    ...orderTwins,
    ...paymentTwins,
    ...inventoryTwins,
    ...platformTwins,
    ...effectTwins,
    ...plant.twins,
  }
  const db = createMemoryDatabase(world.t, twins, process)
  const outbox = createOutbox({ db, ids, clock })
  const base = { db, ids, outbox, clock, log: silentLog }
  const vault = createVault({ keys: [{ id: 'key', key: Buffer.alloc(32, 7) }], chance })
  const bank = world.bank.forProcess(process)
  const provider = plant.provider?.(bank) ?? bank
  const payments = createPayments({ ...base, vault, providers: [provider] })
  const inventory = createInventory(base)
  const orders = createOrders({
    ...base,
    vault,
    cart: remote(process, world.cart),
    pricing: remote(process, world.pricing),
    shipping: remote(process, world.shipping),
    fraud: remote(process, world.fraud),
    inventory: losingStock(inventory.api),
    payments: payments.api,
    settings: {
      commissionRate: '0.10',
      demoFulfilment: false,
      reservationTtlSeconds: RESERVATION_TTL_SECONDS,
      paymentWindowMs: PAYMENT_WINDOW_MS,
    },
  })
  const consumers = [...orders.consumers, counting].map((consumer) => {
    const feed = world.bus.feed(consumer.name)
    const { drain } = createConsumerRunner(consumer, { db, feed, clock, log: silentLog })
    return { name: consumer.name, run: drain }
  })
  const tickers = [...orders.tickers, ...payments.tickers, ...inventory.tickers].filter(
    ({ name }) => !/partitions|forget|returns/.test(name),
  )
  return {
    process,
    api: orders.api,
    inventory: inventory.api,
    /** Everything that it does without being asked, one round each. */
    chores: [...tickers, { name: 'sequence', run: outbox.sequence }, ...consumers],
    async webhook(notice: ProviderNotice): Promise<void> {
      const context = { headers: {}, rawBody: JSON.stringify(notice) } as unknown as CallContext
      const input = { params: { provider: 'bank' }, query: undefined, body: {} }
      await payments.routes[0]?.handle(input, context)
    },
  }
}

export type World = ReturnType<typeof createWorld>

export type Stock = Readonly<{ offerId: string; warehouseId: string; quantity: number }>

/** All that outlives a process: the database, the bank, the bus, the other services, the clock. */
export function createWorld(seed: number, plant: Plant) {
  const draw = drawFrom(seededChance(seed))
  const scheduler = createScheduler()
  const story: string[] = []
  const begun = scheduler.nowMs()
  const tell = (line: string) => {
    const seconds = ((scheduler.nowMs() - begun) / 1_000).toFixed(3)
    story.push(`${seconds.padStart(10)} s  ${line}`)
  }
  const breaches: string[] = []
  const t = createTables({
    checkout(row, before) {
      tell(
        `db: ${row.orderId} ${before?.state ?? 'new'} → ${row.state}${row.ending ? ` (${row.ending})` : ''}, version ${row.version}`,
      )
      if (before?.ending && before.ending !== 'confirmed' && row.ending === 'confirmed') {
        breaches.push(`I3: ${row.orderId} was ${before.ending} and is confirmed`)
      }
    },
  })
  const faults = drawFaults(draw)
  const trueClock = { now: () => new Date(scheduler.nowMs()) }
  const clock = { ...trueClock, monotonicMs: scheduler.nowMs, sleep: scheduler.sleep }
  const ids = createIds({ clock, chance: seededChance(seed + 1_000_000_007) })
  const shared = { scheduler, draw, faults, tell, breaches, t, ids }
  const servers: Server[] = []
  const bank = createBank({
    ...shared,
    async deliver(notice) {
      const server = draw.pick(servers)
      if (!server.process.isAlive()) return false
      return server.process
        .call(() => server.webhook(notice))
        .then(
          () => true,
          () => false,
        )
    },
  })
  const world = {
    ...shared,
    seed,
    story,
    bank,
    bus: createBus(shared),
    cart: createFakeCart(ids),
    pricing: createFakePricing(ids, clock),
    shipping: createFakeShipping(ids),
    fraud: createScreening(draw),
  }
  let lives = 0

  /** Starts a server in a place, and starts it again whenever it dies. */
  function serve(place: number, name: string): void {
    lives += 1
    const jumps = faults.on && draw.chance(faults.clock)
    const process = startProcess({
      ...shared,
      name,
      skewMs: jumps ? draw.between(-600_000, 600_000) : 0,
      complain: (what) => void breaches.push(what),
      onDeath() {
        tell(`${name}: crashes`)
        scheduler.after(draw.between(100, 8_000), () => serve(place, name))
      },
    })
    servers[place] = startServer({ world, process, plant, seed: seed * 1_000 + lives })
    tell(`${name}: starts`)
    void work(servers[place], world)
  }

  const live = () => servers.filter(({ process }) => process.isAlive())
  return { ...world, servers, serve, live }
}

/** The chores of a server, one after the other in any order, until the faults are over. */
async function work(
  { process, chores }: Server,
  { draw, faults }: Machine['world'],
): Promise<void> {
  while (faults.on) {
    await process.sleep(draw.chance(0.2) ? draw.between(2_000, 30_000) : draw.between(50, 1_500))
    await draw
      .pick(chores)
      .run()
      .catch(() => 0)
  }
}

/** A calm sea. */
export const NO_FAULTS: Faults = {
  on: false,
  crash: 0,
  line: 0,
  slow: 0,
  bus: 0,
  bank: 0,
  webhook: 0,
  clock: 0,
}

/** Each seed has its own mix: some are calm, so that what goes wrong is seen alone. */
function drawFaults({ chance, between }: ReturnType<typeof drawFrom>): Faults {
  const some = (most: number) => (chance(0.4) ? 0 : between(0, most))
  return {
    ...NO_FAULTS,
    on: true,
    crash: some(0.004),
    line: some(0.01),
    slow: some(0.05),
    bus: some(0.5),
    bank: some(0.5),
    webhook: some(0.9),
    clock: some(0.5),
  }
}

/** Screening that lets most orders pass, and is of the same mind each time that it is asked. */
export function createScreening(draw: Draw, { hold = 0 } = {}): FraudApi {
  const judged = new Map<string, Screened>()
  return {
    async screen({ orderId }) {
      const decision = draw.chance(0.05) ? 'deny' : 'allow'
      const made = judged.get(orderId) ?? { decision, hold: draw.chance(hold) }
      judged.set(orderId, made)
      return made
    },
    assess: async ({ orderId }) => judged.get(orderId) ?? null,
    claimPurchase: async () => null,
  }
}

function plainWarehouse(id: string): WarehouseRow {
  return {
    id,
    code: id,
    name: id,
    sellerId: null,
    country: 'DE',
    region: null,
    postalCode: '10115',
    city: 'Berlin',
    address: null,
    latitude: 52.5,
    longitude: 13.4,
    timezone: 'Europe/Berlin',
    priority: 100,
    cutOff: null,
    workingDays: [1, 2, 3, 4, 5],
    closedOn: [],
    isActive: true,
    version: 1,
  }
}

/** Puts goods into warehouses. */
export function fill(
  t: Tables,
  stock: readonly Stock[],
  warehouses = [...new Set(stock.map((one) => one.warehouseId))].map(plainWarehouse),
): void {
  const tx = beginTransaction()
  for (const warehouse of warehouses) t.warehouses.insert(tx, warehouse)
  for (const { offerId, warehouseId, quantity } of stock) {
    t.levels.insert(tx, {
      shard: shardFor(warehouseId),
      offer_id: offerId,
      warehouse_id: warehouseId,
      quantity,
      reserved_quantity: 0,
      safety: 0,
      backorder_cap: 0,
      damaged: 0,
      incoming: 0,
      reorder_point: 0,
      is_low: false,
      later: 'none',
      available_on: null,
      settings_version: 1,
      version: 1,
    })
    const row = { offer_id: offerId, warehouse_id: warehouseId, delta: quantity }
    t.movements.insert(tx, { ...row, kind: 'imported', command_key: 'stock' })
  }
  tx.commit()
}
