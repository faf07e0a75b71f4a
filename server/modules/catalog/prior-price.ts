import { isOnSale, type PricePoint } from './model.ts'

type Segment = Readonly<{ fromMs: number; amount: number; currency: string; onSale: boolean }>

const WINDOW_MS = 30 * 86_400_000

/**
 * The prior price of an offer on sale: the lowest of the 30 days before its reduction began. A
 * reduction that is deepened step by step began with its first step. Source: Directive 98/6/EC,
 * article 6a; semantics 30.
 * @param history oldest first.
 * @returns undefined if it is not on sale, or was never sold before.
 */
export function priorPriceOf(history: readonly PricePoint[], now: Date): number | undefined {
  const segments = segmentsOf(history, now.getTime())
  let first = segments.length - 1
  const current = segments[first]
  if (!current?.onSale) return undefined
  for (; first > 0; first -= 1) {
    const [before, step] = [segments[first - 1] as Segment, segments[first] as Segment]
    const goesOn = before.onSale && before.currency === step.currency
    if (!goesOn || before.amount < step.amount) break
  }
  const beganMs = (segments[first] as Segment).fromMs
  const amounts = segments
    .slice(0, first)
    .filter(({ currency }, place) => {
      const endsMs = (segments[place + 1] as Segment).fromMs
      return endsMs > beganMs - WINDOW_MS && currency === current.currency
    })
    .map(({ amount }) => amount)
  return amounts.length === 0 ? undefined : Math.min(...amounts)
}

/** The price as steps in time, each until the next begins; none that took no time. */
function segmentsOf(history: readonly PricePoint[], nowMs: number): Segment[] {
  const steps = history.flatMap((point, place) => {
    const fromMs = Date.parse(point.changedAt)
    const next = history[place + 1]
    const untilMs = next ? Date.parse(next.changedAt) : Number.POSITIVE_INFINITY
    const edges = [point.saleStartsAt, point.saleEndsAt]
      .flatMap((edge) => (edge === null ? [] : [Date.parse(edge)]))
      .filter((edge) => edge > fromMs && edge < untilMs)
      .sort((a, b) => a - b)
    return [fromMs, ...edges].map((startMs): Segment => {
      const onSale = isOnSale(point, new Date(startMs))
      return {
        fromMs: startMs,
        amount: onSale ? (point.salePriceMinor as number) : point.priceMinor,
        currency: point.currency,
        onSale,
      }
    })
  })
  return steps.filter(({ fromMs }, place) => {
    const next = steps[place + 1]
    return fromMs <= nowMs && (!next || next.fromMs > fromMs)
  })
}
