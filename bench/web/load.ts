import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { HttpLoad, HttpLoadResult } from '../support/http-load.ts'
import { type Figure, percentile } from '../support/report.ts'
import { productPaths } from './pages.ts'

const CONNECTIONS = 16
const WORDS = ['laptop', 'coffee', 'printer', 'book', 'monitor', 'cable', 'tea', 'camera']

/** How soon pages come when 16 connections ask all the time: one page, and many by turns. */
export async function measureLoad(url: string, seconds: number): Promise<Figure[]> {
  const searches = WORDS.map((word) => `/search?q=${word}`)
  const products = (await Promise.all(searches.map((path) => productPaths(url, path)))).flat()
  const cases: readonly (readonly [name: string, paths: readonly string[]])[] = [
    ['home', ['/']],
    ['category', ['/c/electronics']],
    ['search, one', searches.slice(0, 1)],
    [`search, ${searches.length} by turns`, searches],
    ['product, one', products.slice(0, 1)],
    [`product, ${products.length} by turns`, products],
  ]
  const figures: Figure[] = []
  for (const [name, paths] of cases) {
    const { requests, latenciesMs } = await load(Number(new URL(url).port), paths, seconds * 1_000)
    figures.push(
      { name: `HTML ${name}: p50`, value: percentile(latenciesMs, 0.5), unit: 'ms' },
      { name: `HTML ${name}: p99`, value: percentile(latenciesMs, 0.99), unit: 'ms' },
      { name: `HTML ${name}`, value: requests / seconds, unit: 'req/s' },
    )
  }
  return figures
}

function load(port: number, paths: readonly string[], ms: number): Promise<HttpLoadResult> {
  const headers = { 'accept-encoding': 'br' }
  const workerData: HttpLoad = { port, paths, connections: CONNECTIONS, ms, headers }
  return new Promise((resolve, reject) => {
    const file = join(import.meta.dirname, '../support/http-load.ts')
    const worker = new Worker(file, { workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
