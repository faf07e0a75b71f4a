import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Figure } from '../support/report.ts'
import { carry, type MeasuredPage } from './pages.ts'

const VIEWS: readonly Readonly<{ name: string; options: BrowserContextOptions }>[] = [
  { name: 'phone', options: { viewport: { width: 360, height: 780 } } },
  { name: 'desktop', options: { viewport: { width: 1280, height: 900 } } },
  {
    name: 'desktop, dark',
    options: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  },
  { name: 'phone, Arabic', options: { viewport: { width: 360, height: 780 }, locale: 'ar-AE' } },
]

/** Pages beside the measured ones. */
const MORE = [
  '/departments',
  '/search?q=qwertzuiopasdfgh',
  '/search?q=laptop&inStock=true&from=20&to=900',
  '/orders',
  '/about',
  '/privacy',
  '/shipping',
  '/preferences',
  '/nowhere',
  '/sign-in',
  '/register',
  '/forgot',
]

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong on every page, in every view. */
export async function measureAxe(
  browser: Browser,
  { url, pages, cookie }: Readonly<{ url: string; pages: readonly MeasuredPage[]; cookie: string }>,
): Promise<Figure[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const figures: Figure[] = []
  const paths = [...pages.map(({ path }) => path), ...MORE]
  for (const { name, options } of VIEWS) {
    const context = await browser.newContext({ locale: 'en-US', ...options })
    await carry(context, url, cookie)
    const found = new Map<string, string[]>()
    for (const path of paths) {
      const page = await context.newPage()
      await page.goto(url + path)
      for (const words of await violations(page, source))
        found.set(words, [...(found.get(words) ?? []), path])
      await page.close()
    }
    await context.close()
    figures.push({
      name: `axe violations: ${name}`,
      value: found.size,
      unit: `on ${paths.length} pages`,
      ...(found.size > 0 ? { note: told(found) } : {}),
    })
  }
  return figures
}

function told(found: ReadonlyMap<string, readonly string[]>): string {
  return [...found].map(([words, paths]) => `${words} on ${paths.join(' ')}`).join('; ')
}

async function violations(page: Page, source: string): Promise<string[]> {
  await page.evaluate(source)
  const results = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: { type: 'tag', values: tags },
      }),
    RULES,
  )
  return results.violations.map(
    ({ id, nodes }) =>
      `${id} (${nodes
        .map(({ target }) => target.join(' '))
        .join(', ')
        .slice(0, 200)})`,
  )
}
