import type { JobHandler, Ticker } from '../../../platform/module.ts'
import { sweepFiles } from './files.ts'
import { createTransferRoutes } from './routes.ts'
import { createTransferRunner, type RunnerDeps } from './runner.ts'
import type { TransferDeps } from './service.ts'

const LOOK_MS = 1_000

/** Imports and exports as jobs: their routes, who runs them, and who clears up behind them. */
export function createTransfers(deps: TransferDeps & RunnerDeps) {
  const runner = createTransferRunner(deps)
  const ticker: Ticker = {
    name: 'catalog.run_transfers',
    everyMs: LOOK_MS,
    async run() {
      await runner.look()
      return 0
    },
  }
  const sweep: JobHandler = {
    name: 'catalog.sweep_transfers',
    cron: '20 * * * *',
    run: async () => void (await sweepFiles(deps, deps.folder)),
  }
  return { routes: createTransferRoutes(deps), tickers: [ticker], jobs: [sweep], stop: runner.stop }
}
