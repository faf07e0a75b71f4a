import { Counter, Gauge, Histogram, type Metric } from 'prom-client'
import type { Decision } from './model.ts'

export type FraudMetrics = Readonly<{
  decided(decision: Decision): void
  /** @param seconds that a batch of screenings took. */
  took(seconds: number): void
  all: readonly Metric[]
}>

/** What `/metrics` tells of the screening. @param countOpen how many orders wait for an operator. */
export function createFraudMetrics(countOpen: () => Promise<number>): FraudMetrics {
  const decisions = new Counter({
    name: 'stoa_fraud_decisions_total',
    help: 'Orders screened by this process, by what was decided',
    labelNames: ['decision'],
    registers: [],
  })
  const duration = new Histogram({
    name: 'stoa_fraud_screening_seconds',
    help: 'How long a batch of screenings took',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    registers: [],
  })
  const open = new Gauge({
    name: 'stoa_fraud_reviews_open',
    help: 'Orders that wait for an operator (counted up to 1,000)',
    registers: [],
    async collect() {
      this.set(await countOpen())
    },
  })
  return {
    decided: (decision) => decisions.inc({ decision }),
    took: (seconds) => duration.observe(seconds),
    all: [decisions, duration, open],
  }
}
