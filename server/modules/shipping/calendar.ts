/** A day of a calendar, such as `2026-03-02`; such texts sort as their days do. */
type Day = string

/** Where goods leave from, and when the people there work. */
export type Origin = Readonly<{
  country: string
  /** Of the IANA, such as Europe/Berlin. */
  timezone: string
  /** What is ordered before it, in local time, leaves on the same day; null: the usual hour. */
  cutOff: string | null
  /** Of ISO 8601: Monday is 1; never empty. */
  workingDays: readonly number[]
  closedOn: readonly Day[]
  /** The day on which goods that are not there yet are expected. */
  notBefore: Day | null
}>

/** Days from the dispatch to the arrival, on which carriers work. */
export type Transit = Readonly<{ minDays: number; maxDays: number }>

/** Stands for a warehouse where none is known. */
export const USUAL_ORIGIN: Origin = {
  country: '',
  timezone: 'UTC',
  cutOff: null,
  workingDays: [1, 2, 3, 4, 5],
  closedOn: [],
  notBefore: null,
}

const USUAL_CUT_OFF = '14:00'
const CARRIERS_WORK = [1, 2, 3, 4, 5]
const DAY_MS = 86_400_000

/**
 * Between which days an order arrives whose goods leave from these places: from the first parcel
 * that may come to the last one that will.
 */
export function deliveryDates(
  now: Date,
  transits: readonly Readonly<{ origin: Origin; transit: Transit }>[],
): { earliest: Day; latest: Day } {
  const dates = transits.map(({ origin, transit }) => {
    const dispatch = dispatchDay(now, origin)
    return {
      earliest: arrivalDay(dispatch, transit.minDays),
      latest: arrivalDay(dispatch, transit.maxDays),
    }
  })
  const [first] = dates
  if (!first) throw new Error('Delivery dates without an origin')
  return dates.reduce(
    (all, { earliest, latest }) => ({
      earliest: earliest < all.earliest ? earliest : all.earliest,
      latest: latest > all.latest ? latest : all.latest,
    }),
    first,
  )
}

/** The day, of the warehouse's own calendar, on which what is ordered now leaves it. */
export function dispatchDay(
  now: Date,
  { timezone, cutOff, workingDays, closedOn, notBefore }: Origin,
): Day {
  const { day: today, time } = localTime(now, timezone)
  const isInTime = time < (cutOff ?? USUAL_CUT_OFF)
  let day = isInTime ? today : nextDay(today)
  if (notBefore !== null && notBefore > day) day = notBefore
  while (!workingDays.includes(weekday(day)) || closedOn.includes(day)) day = nextDay(day)
  return day
}

function arrivalDay(dispatch: Day, days: number): Day {
  let day = dispatch
  for (let left = days; left > 0; ) {
    day = nextDay(day)
    if (CARRIERS_WORK.includes(weekday(day))) left -= 1
  }
  return day
}

/** Making one is dear; a shop has warehouses in a few zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

function localTime(now: Date, timeZone: string): { day: Day; time: string } {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const [year, month, day, hour, minute] = (
    ['year', 'month', 'day', 'hour', 'minute'] as const
  ).map((type) => parts.get(type) ?? '')
  return { day: `${year}-${month}-${day}`, time: `${hour}:${minute}` }
}

// Days are counted in UTC, where each has 24 hours.
function nextDay(day: Day): Day {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)
}

/** Of ISO 8601: Monday is 1. */
function weekday(day: Day): number {
  return new Date(day).getUTCDay() || 7
}
