import { readConfig } from '../config.ts'
import {
  dropParked,
  listParked,
  type ParkedEvent,
  returnParked,
} from '../platform/events/parked.ts'
import { createLog } from '../platform/log.ts'
import { type Command, CommandError, print } from './command.ts'
import { openQuietShop } from './quiet-shop.ts'

const PAGE = 200

export const events: Command = {
  name: 'events',
  summary: 'Shows events that could not be handled, and returns or drops them',
  usage: 'stoa events parked|return|drop [CONSUMER EVENT] [--all] [--json]',
  help: [
    'A consumer that fails on an event again and again puts it aside and goes on. When the cause is mended:',
    '\n  stoa events parked                    the list, with the reasons',
    '  stoa events return CONSUMER EVENT     hands one to its consumer once more',
    '  stoa events return --all              hands all of them, the oldest of each consumer first',
    '  stoa events drop CONSUMER EVENT       forgets one: it is never handled',
    '\n  --all    all parked events',
    '  --json   print the list as JSON',
    '\nExit code 0: done; 2: some failed again and stay parked.',
  ].join('\n'),
  options: { all: { type: 'boolean' }, json: { type: 'boolean' } },
  async run(options, [action, consumer, eventId]) {
    const quiet = await openQuietShop(readConfig(process.env), createLog('error'))
    const { db, consumers } = quiet.shop
    try {
      const parked: ParkedEvent[] = []
      for (let last: ParkedEvent | undefined; ; last = parked.at(-1)) {
        const after = last ? ([last.consumer, last.eventId] as const) : undefined
        const found = await listParked(db, { after, limit: PAGE })
        parked.push(...found)
        if (found.length < PAGE) break
      }
      if (action === 'parked') return show(parked, options['json'] === true)
      const chosen = options['all']
        ? parked
        : parked.filter((one) => one.consumer === consumer && one.eventId === eventId)
      if (chosen.length === 0 && !options['all'])
        throw new CommandError('No such event is parked.', 'See `stoa events parked`.')
      if (action === 'return') return await giveBack(quiet.shop, chosen)
      if (action !== 'drop' || options['all'])
        throw new CommandError('Say parked, return or drop.', 'See `stoa events --help`.')
      for (const one of chosen) await dropParked(db, one)
      print(`${chosen.length} dropped`)
      return 0
    } finally {
      await quiet.close()
    }

    async function giveBack({ db }: typeof quiet.shop, chosen: readonly ParkedEvent[]) {
      let failures = 0
      for (const one of chosen.toSorted((a, b) => a.position - b.position)) {
        const outcome = await returnParked(db, consumers, one)
        if (outcome === 'handled' || outcome === 'not_parked') continue
        failures += 1
        const reason = outcome === 'no_consumer' ? 'no such consumer here' : outcome.failed
        print(`  stays parked: ${one.consumer} ${one.eventId}: ${reason}`)
      }
      print(`${chosen.length - failures} returned, ${failures} stay parked`)
      return failures === 0 ? 0 : 2
    }
  },
}

function show(parked: readonly ParkedEvent[], asJson: boolean): number {
  if (asJson) print(JSON.stringify(parked, null, 2))
  else {
    for (const { consumer, eventId, type, attempts, parkedAt, error } of parked)
      print(
        `${parkedAt}  ${consumer}  ${eventId}\n  ${type}, ${attempts} attempts: ${error.split('\n', 1)[0]}`,
      )
    print(`${parked.length} parked`)
  }
  return 0
}
