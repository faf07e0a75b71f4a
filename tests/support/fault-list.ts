/** Where each fault of docs/reliability.md is made. A test's name may be cut short; one of a template is given as it stands. */
export type FaultRow = Readonly<{
  id: string
  fault: string
  holds: string
  tests: readonly Readonly<{ file: string; test: string }>[]
  /** What is not tested, and why. */
  gap?: string
}>

const at = (file: string, ...tests: string[]) => tests.map((test) => ({ file, test }))
const KILLS = 'tests/faults/kills.test.ts'
const TROUBLES = 'tests/faults/troubles.test.ts'
const RECOVERY = 'server/modules/orders/recovery.db.test.ts'
const PAYMENTS = 'server/modules/payments'

export const FAULTS: readonly FaultRow[] = [
  {
    id: 'F1',
    fault: 'kill -9 of a process at each named point of an order’s path',
    holds:
      'the others sell on; the order is there once and charged once, whether its buyer asks again or not',
    tests: [
      ...at(
        KILLS,
        'a process killed at each point',
        'orders that nobody asks for again',
        'the process that finishes what another left is killed too',
      ),
      ...at(
        RECOVERY,
        'after a crash ${point} the client',
        'a crash ${point} is finished by the worker',
      ),
      ...at('tests/scenarios/crash.test.ts', 'kill -9 in the middle of 100 checkouts'),
    ],
  },
  {
    id: 'F2',
    fault: 'PostgreSQL killed at each point, its connections ended, all of them taken',
    holds: '503 with Retry-After, products still shown; nothing acknowledged is lost',
    tests: [
      ...at(KILLS, 'PostgreSQL killed at each point', 'all connections ended again and again'),
      ...at(TROUBLES, 'all connections taken by a lock'),
      ...at('server/platform/events/events.db.test.ts', 'all connections cut again and again'),
    ],
  },
  {
    id: 'F3',
    fault: 'Redis gone, emptied, 2 s slow',
    holds: 'all works from each process’s own cache',
    tests: [
      ...at(
        'tests/engines/redis-cache.test.ts',
        'after FLUSHALL',
        'what was missed while Redis could not be reached',
        'a Redis with 2 s of latency',
      ),
      ...at(
        'tests/engines/two-shops.test.ts',
        'a price changed on one process is seen on the other',
      ),
    ],
  },
  {
    id: 'F4',
    fault: 'Kafka gone and back, wiped',
    holds: 'orders go on, events wait and have one effect',
    tests: at('tests/engines/kafka.test.ts', 'Kafka gone', 'Kafka wiped'),
  },
  {
    id: 'F5',
    fault: 'OpenSearch gone, slow, its index deleted',
    holds: 'search is degraded and says so; no drift after',
    tests: [
      ...at('tests/engines/opensearch-journey.test.ts', 'the journey of a price goes on'),
      ...at('tests/engines/opensearch-shop.test.ts', 'a slow engine is left alone'),
    ],
  },
  {
    id: 'F6',
    fault: 'the payment provider is silent before or after charging, breaks, resets, declines',
    holds: 'the order is pending, never charged twice, and settled by asking',
    tests: [
      ...at(TROUBLES, 'a bank that is silent, breaks, resets'),
      ...at('tests/scenarios/shop.test.ts', 'an answer that never comes'),
      ...at(`${PAYMENTS}/providers/paypal.db.test.ts`, 'a refund whose answer was lost'),
    ],
  },
  {
    id: 'F7',
    fault: 'webhooks lost, doubled, reordered, late, forged, replayed',
    holds: 'they count once; money for an order that was given up goes back',
    tests: [
      ...at(TROUBLES, 'a bank that is silent, breaks, resets'),
      ...at(`${PAYMENTS}/payments.db.test.ts`, 'ten webhooks at once, and late older ones'),
      ...at(`${PAYMENTS}/providers/standard-webhooks.test.ts`, 'a message is refused ${how}'),
      ...at(
        RECOVERY,
        'paid after its hold ran out and the stock went',
        'a payment whose webhook was lost',
      ),
    ],
  },
  {
    id: 'F8',
    fault: 'clients that repeat, click twice, reuse a key',
    holds: 'one order, one charge, the first answer',
    tests: [
      ...at('tests/scenarios/shop.test.ts', 'one key at 50 requests at once'),
      ...at('server/platform/idempotency.db.test.ts', 'under a storm of claims'),
    ],
  },
  {
    id: 'F9',
    fault: 'clocks ten minutes early and late, jumping',
    holds: 'no order is lost or charged twice; stock is held by the database’s clock',
    tests: at(TROUBLES, 'clocks ten minutes early and late'),
  },
  {
    id: 'F10',
    fault: 'the disk of the database is full',
    holds: 'writing is refused with 503, reading goes on, room mends it',
    tests: at('tests/faults/disk.whole.ts', 'the disk of the database full'),
    gap: 'skipped where the user may not mount a file system',
  },
  {
    id: 'F11',
    fault: 'a slow or stale replica',
    holds:
      'only reports are read there: what somebody did, and what decides a write, is read from the primary',
    tests: at('tests/faults/replica.test.ts', 'a replica that is late, then gone'),
  },
  {
    id: 'F12',
    fault: 'events doubled, reordered, unreadable, always failing',
    holds: 'parked with their reason, the others go on; one effect each',
    tests: [
      ...at('tests/engines/kafka.test.ts', 'what cannot be read, is of a newer version'),
      ...at('server/platform/events/events.db.test.ts', 'poison events are parked'),
    ],
  },
  {
    id: 'F13',
    fault: 'a hot page ends under load; thousands of buyers for 100 units at once',
    holds: 'one load a process; exactly 100 orders',
    tests: [
      ...at('tests/faults/crowd.whole.ts', '${buyers} buyers at four processes'),
      ...at('tests/engines/pages.test.ts', 'a hot page that ends under load'),
    ],
  },
  {
    id: 'F14',
    fault: 'a dependency with errors',
    holds: 'retries stay within their budget, the circuit opens',
    tests: at(
      'server/platform/rpc/rpc.test.ts',
      'while half of all calls fail, retries stay a tenth',
    ),
  },
  {
    id: 'F15',
    fault: 'a rolling restart under load',
    holds: 'no request fails (`DRAIN_SECONDS` behind a load balancer)',
    tests: at(TROUBLES, 'a rolling restart under load'),
  },
  {
    id: 'F16',
    fault: 'the last coupon, gift card, budget used by 100 at once',
    holds: 'never a cent or a use too many',
    tests: [
      ...at(
        `${PAYMENTS}/tenders.db.test.ts`,
        'F16: of 100 orders at once',
        'F16: 100 orders share',
      ),
      ...at(
        'server/modules/pricing/pricing.db.test.ts',
        'of 200 orders at once a coupon',
        'a budget is never exceeded',
        'a customer’s own limit holds in a race',
      ),
    ],
  },
  {
    id: 'F17',
    fault: 'several processes write the same stock row',
    holds: 'the row’s own lock and check decide',
    tests: [
      ...at(
        'server/modules/inventory/reserve.db.test.ts',
        '500 callers for 100 units in two processes',
      ),
      ...at('tests/faults/crowd.whole.ts', '${buyers} buyers at four processes'),
    ],
  },
  {
    id: 'F18',
    fault: 'a random mix of the above from a seed, in one process',
    holds: 'all invariants; a seed that fails is lived through again',
    tests: at('tests/simulation/simulation.test.ts', '${SEEDS} seeds of shoppers'),
  },
]
