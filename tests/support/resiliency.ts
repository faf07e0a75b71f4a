import type { Journey, Outcome } from './journeys.ts'

type Row = Readonly<{
  /** What is away. */
  engine: string
  how: string
  /** The test that finds each cell as it is written here. */
  file: string
  test: string
  outcomes: Readonly<Record<Journey, Outcome>>
  note: string
}>

const FULL = {
  browse: 'full',
  search: 'full',
  cart: 'full',
  checkout: 'full',
  'order status': 'full',
} as const satisfies Record<Journey, Outcome>

/** The resiliency matrix: what shoppers can do while a part is away. Tests hold the shop to it; docs/reliability.md shows it. */
export const MATRIX = {
  postgres: {
    engine: 'PostgreSQL',
    how: 'killed, and its port refuses',
    file: 'tests/faults/matrix.test.ts',
    test: 'PostgreSQL away: what needs it is refused cleanly, what was seen is still shown',
    outcomes: {
      browse: 'full',
      search: 'full',
      cart: 'refused',
      checkout: 'refused',
      'order status': 'refused',
    },
    note: 'Products that were looked at lately are shown from memory, search answers from its own index; all else is 503 with `Retry-After`.',
  },
  replica: {
    engine: 'Replica of PostgreSQL',
    how: 'an hour late, without the schema, then killed',
    file: 'tests/faults/replica.test.ts',
    test: 'a replica that is late, then gone: shoppers do not notice, reports are answered',
    outcomes: FULL,
    note: 'Only reports are read there; the primary answers them while the replica cannot.',
  },
  provider: {
    engine: 'Payment provider',
    how: 'its port refuses',
    file: 'tests/faults/matrix.test.ts',
    test: 'the payment provider away: paying is refused cleanly, and goes when it is back',
    outcomes: { ...FULL, checkout: 'refused' },
    note: 'The order is kept with its stock; the same call under the same key pays it when the provider is back, once.',
  },
  slowProvider: {
    engine: 'Payment provider, silent',
    how: 'it charges, never answers, and its webhooks are lost',
    file: 'tests/faults/matrix.test.ts',
    test: 'a payment provider that charges and never answers: it is asked, and the order is paid',
    outcomes: FULL,
    note: 'After the silence it is asked, under the order’s name, and its own record decides.',
  },
  node: {
    engine: 'One API process',
    how: 'killed by kill -9, behind a load balancer',
    file: 'tests/faults/matrix.test.ts',
    test: 'one of two processes killed: shoppers do not notice',
    outcomes: FULL,
    note: 'Requests that it was answering get no answer; asked again under their key they are done once.',
  },
  worker: {
    engine: 'Worker',
    how: 'the process that did the background work is killed in the middle of it',
    file: 'tests/faults/matrix.test.ts',
    test: 'one of two processes killed: shoppers do not notice',
    outcomes: FULL,
    note: 'Every process works in the background; another one takes over within a minute.',
  },
  redis: {
    engine: 'Redis',
    how: 'its line is cut',
    file: 'tests/engines/matrix.whole.ts',
    test: 'Redis away: everything goes on',
    outcomes: FULL,
    note: 'Each process has its own cache and hears of changes from PostgreSQL.',
  },
  mongodb: {
    engine: 'MongoDB',
    how: 'its line is cut',
    file: 'tests/engines/matrix.whole.ts',
    test: 'MongoDB away: everything goes on',
    outcomes: FULL,
    note: 'Documents are read from PostgreSQL, where they are made.',
  },
  opensearch: {
    engine: 'OpenSearch',
    how: 'its line is cut',
    file: 'tests/engines/matrix.whole.ts',
    test: 'OpenSearch away: search is degraded, all else goes on',
    outcomes: { ...FULL, search: 'degraded' },
    note: 'What was asked lately is answered from memory; all else from PostgreSQL, and says `degraded`. The index catches up by itself.',
  },
  kafka: {
    engine: 'Kafka',
    how: 'stopped',
    file: 'tests/engines/matrix.whole.ts',
    test: 'Kafka away: everything goes on, and what happened is told when it is back',
    outcomes: FULL,
    note: 'Events wait in PostgreSQL. With `EVENTS_FROM=kafka` pages and search show changes when it is back.',
  },
} as const satisfies Record<string, Row>
