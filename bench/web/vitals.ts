import type { Browser, CDPSession, Page } from 'playwright-core'
import { type Figure, median } from '../support/report.ts'
import { carry, type MeasuredPage } from './pages.ts'

/** What DevTools calls "Slow 4G", and a processor four times slower. */
const SLOW_4G = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
  uploadThroughput: (750 * 1024 * 0.9) / 8,
}
const CPU_SLOWDOWN = 4

type Vitals = Readonly<{ lcp: number; cls: number; inp: number }>
type Watched = Window & { vitals: { lcp: number; cls: number; inp: number } }

/** Weights of a page as they travel, compressed, by a browser that was never here. */
type Weights = Readonly<{ html: number; css: number; js: number; all: number }>

/** LCP, CLS and INP as Chromium itself tells them on a slow phone, and what travels. */
export async function measureVitals(
  browser: Browser,
  {
    url,
    pages,
    runs,
    cookie,
  }: Readonly<{ url: string; pages: readonly MeasuredPage[]; runs: number; cookie: string }>,
): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const page of pages) {
    const done: Vitals[] = []
    for (let count = 0; count < runs; count += 1)
      done.push(await visit(browser, { url, page, cookie }))
    const put = (name: keyof Vitals, unit: string) => {
      const values = done.map((vitals) => vitals[name])
      const spread = [Math.min(...values), Math.max(...values)] as const
      figures.push({
        name: `${name.toUpperCase()} ${page.name}`,
        value: median(values),
        unit,
        spread,
      })
    }
    put('lcp', 'ms')
    put('cls', '')
    put('inp', 'ms')
    const { html, css, js, all } = await weigh(browser, { url, page, cookie })
    figures.push(
      { name: `JavaScript ${page.name}`, value: js / 1000, unit: 'kB' },
      {
        name: `CSS ${page.name}`,
        value: css / 1000,
        unit: 'kB',
        note: 'fetched ahead for the next page',
      },
      { name: `HTML ${page.name}`, value: html / 1000, unit: 'kB', note: 'with its styles' },
      { name: `everything ${page.name}`, value: all / 1000, unit: 'kB' },
    )
  }
  return figures
}

const SCREEN = { width: 412, height: 823 }
const DENSITY = 1.75

/**
 * The window of a browser without a screen stays as large as the page in CSS pixels, while the page of a denser
 * screen is drawn larger. What is painted beyond the window, such as the bar at a phone's foot, is never shown, and
 * an interaction would last until something else is.
 */
async function enlargeWindow(session: CDPSession): Promise<void> {
  const { windowId } = await session.send('Browser.getWindowForTarget')
  const bounds = {
    width: Math.ceil(SCREEN.width * DENSITY),
    height: Math.ceil(SCREEN.height * DENSITY),
  }
  await session.send('Browser.setWindowBounds', { windowId, bounds })
}

type Stop = Readonly<{ url: string; page: MeasuredPage; cookie: string }>

async function open(browser: Browser, { url, page: { isOwn }, cookie }: Stop): Promise<Page> {
  const context = await browser.newContext({
    viewport: SCREEN,
    deviceScaleFactor: DENSITY,
    isMobile: true,
    hasTouch: true,
    locale: 'en-US',
  })
  if (isOwn) await carry(context, url, cookie)
  return context.newPage()
}

async function visit(browser: Browser, stop: Stop): Promise<Vitals> {
  const page = await open(browser, stop)
  const session = await page.context().newCDPSession(page)
  await enlargeWindow(session)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', SLOW_4G)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.addInitScript(watch)
  await page.goto(stop.url + stop.page.path, { waitUntil: 'load' })
  await page.waitForTimeout(1_500)
  await press(page, stop.page.press)
  await page.waitForTimeout(1_000)
  const vitals = await page.evaluate(() => (window as unknown as Watched).vitals)
  await page.context().close()
  return vitals
}

/**
 * Presses what is there, without leaving the page: by a bare touch, for a locator's tap has the page check by
 * listeners of its own that it was hit, which takes longer than the page's answer.
 */
async function press(page: Page, selector: string): Promise<void> {
  const target = page.locator(selector).filter({ visible: true }).first()
  if ((await target.count()) === 0) return
  await target.scrollIntoViewIfNeeded()
  const box = await target.boundingBox()
  if (!box) throw new Error(`${selector} has no place on ${page.url()}`)
  await page.waitForTimeout(500)
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
}

function watch(): void {
  const vitals = { lcp: 0, cls: 0, inp: 0 }
  Object.assign(window, { vitals })
  const observe = (type: string, see: (entry: PerformanceEntry) => void, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({
      type,
      buffered: true,
      ...more,
    })
  observe('largest-contentful-paint', ({ startTime }) => (vitals.lcp = startTime))
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean }
    if (!hadRecentInput) vitals.cls += value
  })
  const seen = (entry: PerformanceEntry) => {
    if ((entry as unknown as { interactionId: number }).interactionId > 0)
      vitals.inp = Math.max(vitals.inp, entry.duration)
  }
  observe('event', seen, { durationThreshold: 16 })
}

async function weigh(browser: Browser, stop: Stop): Promise<Weights> {
  const page = await open(browser, stop)
  const weights = { html: 0, css: 0, js: 0, all: 0 }
  const counted: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    counted.push(
      request.sizes().then(({ responseBodySize }) => {
        const isOwn = request.url().startsWith(stop.url)
        weights.all += responseBodySize
        if (!isOwn) return
        if (request.resourceType() === 'document') weights.html += responseBodySize
        if (/\.css$/.test(request.url())) weights.css += responseBodySize
        if (/\.js$/.test(request.url())) weights.js += responseBodySize
      }),
    )
  })
  await page.goto(stop.url + stop.page.path, { waitUntil: 'load' })
  await page.waitForTimeout(700)
  await Promise.all(counted)
  await page.context().close()
  return weights
}
