import { auditShop } from '../audit.ts'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { type Command, print } from './command.ts'
import { openQuietShop } from './quiet-shop.ts'

export const audit: Command = {
  name: 'audit',
  summary: 'Checks the invariants of stock, money, orders and events on the database',
  usage: 'stoa audit [--json]',
  help: [
    'May run beside a live shop on DATABASE_URL; with the embedded database it runs while the shop is stopped,',
    'and then first handles the events that the shop had left, or joins the running one. Exit code 0: all hold; 2: at least one is broken.',
    '\n  --json   print the findings as JSON',
  ].join('\n'),
  options: { json: { type: 'boolean' } },
  async run(options) {
    const config = readConfig(process.env)
    const quiet = await openQuietShop(config, createLog('error'))
    try {
      if (quiet.isAlone && config.EVENTS_FROM !== 'kafka') await quiet.shop.catchUp()
      const lines = await auditShop(quiet.shop, (ms) => systemClock.sleep(ms))
      const broken = lines.some((line) => line.breaches.length > 0)
      if (options['json']) print(JSON.stringify(lines, null, 2))
      else {
        for (const { invariant, meaning, breaches } of lines) {
          print(
            `${breaches.length === 0 ? '  ok    ' : '  BROKEN'} ${invariant.padEnd(11)} ${meaning}`,
          )
          for (const breach of breaches) print(`           ${breach}`)
        }
        print(broken ? '\nSome invariants are broken.' : '\nEvery invariant holds.')
      }
      return broken ? 2 : 0
    } finally {
      await quiet.close()
    }
  },
}
