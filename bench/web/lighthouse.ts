import { createServer } from 'node:net'
import lighthouse, { type Flags } from 'lighthouse'
import { openBrowser } from '../../tests/support/browser.ts'
import { type Figure, median } from '../support/report.ts'
import type { MeasuredPage } from './pages.ts'

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const

export type LighthouseOptions = Readonly<{
  url: string
  pages: readonly MeasuredPage[]
  runs: number
  chromium: string
  cookie: string
}>

type Run = Readonly<{ scores: ReadonlyMap<string, number>; failures: readonly string[] }>

/**
 * Lighthouse's scores with its mobile preset (slow 4G and a CPU four times slower, simulated), the
 * median of several runs in a browser that was never here. Pages that ask search engines not to
 * list them are not marked down for it.
 */
export async function measureLighthouse(options: LighthouseOptions): Promise<Figure[]> {
  const port = await freePort()
  const browser = await openBrowser(options.chromium, [`--remote-debugging-port=${port}`])
  try {
    const figures: Figure[] = []
    for (const page of options.pages) figures.push(...(await measurePage(options, page, port)))
    return figures
  } finally {
    await browser.close()
  }
}

async function measurePage(
  { url, runs, cookie }: LighthouseOptions,
  page: MeasuredPage,
  port: number,
): Promise<Figure[]> {
  const done: Run[] = []
  for (let count = 0; count < runs; count += 1) {
    const flags: Flags = {
      port,
      onlyCategories: [...CATEGORIES],
      skipAudits: page.isListed ? [] : ['is-crawlable'],
      ...(page.isOwn ? { extraHeaders: { cookie } } : {}),
    }
    done.push(await runOnce(url + page.path, flags))
  }
  const note = [...new Set(done.flatMap(({ failures }) => failures))].join(', ')
  return CATEGORIES.map((category) => {
    const scores = done.map((run) => run.scores.get(category) ?? Number.NaN)
    return {
      name: `lighthouse ${page.name}: ${category}`,
      value: median(scores),
      unit: 'of 100',
      spread: [Math.min(...scores), Math.max(...scores)] as const,
      ...(category === 'performance' && note ? { note } : {}),
    }
  })
}

async function runOnce(address: string, flags: Flags): Promise<Run> {
  const result = await lighthouse(address, flags)
  if (!result) throw new Error(`Lighthouse says nothing of ${address}`)
  const { lhr } = result
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`)
  const weighed = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id),
  )
  const isBad = (id: string) => (lhr.audits[id]?.score ?? 1) < 0.9
  return {
    scores: new Map(
      Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]),
    ),
    failures: weighed.filter(isBad),
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
