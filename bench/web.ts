import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../tests/support/browser.ts'
import { type Figure, report } from './support/report.ts'
import { measureAxe } from './web/axe.ts'
import { measureLighthouse } from './web/lighthouse.ts'
import { measureLoad } from './web/load.ts'
import { cookiesWithCart, measuredPages } from './web/pages.ts'
import { startMeasuredShop } from './web/shop.ts'
import { measureVitals } from './web/vitals.ts'

const HELP = `What shoppers wait for and whether all can use it: Lighthouse, axe, LCP, CLS and INP on a slow phone, weights, and
pages/s at 16 connections.

usage: npm run bench web -- [options]

  --url URL        a running shop; one of the demo catalogue is started if absent (a minute or two)
  --only NAMES     some of load,vitals,axe,lighthouse
  --page NAME      pages whose name holds this
  --runs N         of which the median is told (5)
  --seconds N      of load for each page (5)
  --chromium PATH  default /usr/bin/chromium
  --data FOLDER    where the catalogue's files are
`

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string' },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'load,vitals,axe,lighthouse' },
    page: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
    help: { type: 'boolean', default: false },
  },
})

async function measure(url: string): Promise<Figure[]> {
  const parts = flags.only.split(',')
  const runs = Number(flags.runs)
  const all = await measuredPages(url)
  const product = all.find(({ name }) => name === 'product')?.path ?? ''
  const cookie = await cookiesWithCart(url, product)
  const pages = all.filter(({ name }) => name.includes(flags.page))
  const figures: Figure[] = []
  if (parts.includes('load')) figures.push(...(await measureLoad(url, Number(flags.seconds))))
  if (parts.includes('vitals') || parts.includes('axe')) {
    const browser = await openBrowser(flags.chromium)
    try {
      if (parts.includes('vitals'))
        figures.push(...(await measureVitals(browser, { url, pages, runs, cookie })))
      if (parts.includes('axe'))
        figures.push(...(await measureAxe(browser, { url, pages, cookie })))
    } finally {
      await browser.close()
    }
  }
  if (parts.includes('lighthouse')) {
    const { chromium } = flags
    figures.push(...(await measureLighthouse({ url, pages, runs, chromium, cookie })))
  }
  return figures
}

async function run(): Promise<void> {
  const shop = flags.url
    ? { url: flags.url, stop: async () => {} }
    : await startMeasuredShop(flags.data)
  try {
    report('web', await measure(shop.url))
  } finally {
    await shop.stop()
  }
}

if (flags.help) process.stdout.write(HELP)
else await run()
