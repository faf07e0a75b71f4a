import { parseArgs } from 'node:util'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { openBrowser } from '../support/browser.ts'
import { JOURNEYS, run } from './journeys.ts'

const HELP = `Buys from a running shop in a real browser: search, product, cart, checkout, order, tracking.

usage: node tests/e2e/journey.ts --url http://localhost:3000 [options]

  --only NAME      journeys whose name holds this
  --operator-key K an operator's key, for journeys on which price or stock changes; else they are left out
  --query WORDS    what to search for (default: laptop)
  --chromium PATH  default /usr/bin/chromium
`

const OPTIONS = {
  url: { type: 'string' },
  only: { type: 'string', default: '' },
  'operator-key': { type: 'string' },
  query: { type: 'string', default: 'laptop' },
  chromium: { type: 'string', default: '/usr/bin/chromium' },
  help: { type: 'boolean', default: false },
} as const

const { values } = parseArgs({ options: OPTIONS })
if (values.help || !values.url) process.stdout.write(HELP)
else {
  const browser = await openBrowser(values.chromium)
  const { url, query, only, 'operator-key': token } = values
  const operator = token ? createClient({ transport: httpTransport(url), token }) : undefined
  const journeys = JOURNEYS.filter(
    ({ name, meanwhile }) => name.includes(only) && (operator || !meanwhile),
  )
  for (const journey of journeys) {
    const { name, error, seconds } = await run(browser, journey, { url, query, operator })
    process.stdout.write(`${error ? 'FAILED' : 'ok    '} ${name} (${seconds.toFixed(1)} s)\n`)
    if (error) {
      process.stdout.write(
        `       ${(error as Error).message.split('\n').slice(0, 6).join('\n       ')}\n`,
      )
      process.exitCode = 1
    }
  }
  await browser.close()
}
