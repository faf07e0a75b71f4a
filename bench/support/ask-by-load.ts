import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { HttpLoad, HttpLoadResult } from './http-load.ts'

/** Asks from a thread of its own, so that the one that measures is not kept busy by it. */
export function askByLoad(workerData: HttpLoad): Promise<HttpLoadResult> {
  const worker = new Worker(join(import.meta.dirname, 'http-load.ts'), { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
