/**
 * What shoppers wait for and whether all can use it: Lighthouse, axe, LCP, CLS and INP on a slow phone, weights, and
 * pages/s at 16 connections. `npm run bench web` starts a shop of the demo catalogue for it (a minute or two);
 * `-- --url http://localhost:3000` takes one that runs. `--only load,axe` takes some of: lighthouse axe vitals load.
 */
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

const { values: flags } = parseArgs({
  options: {
    url: { type: 'string' },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'load,vitals,axe,lighthouse' },
    page: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
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

const shop = flags.url
  ? { url: flags.url, stop: async () => {} }
  : await startMeasuredShop(flags.data)
try {
  report('web', await measure(shop.url))
} finally {
  await shop.stop()
}
