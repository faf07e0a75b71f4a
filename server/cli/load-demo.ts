import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { FRUGAL } from '../../bin/heap.mjs'
import { type Config, readConfig } from '../config.ts'
import { type Command, CommandError } from './command.ts'
import { demoIsMissing, loadDemo } from './demo.ts'
import { progressBar } from './progress.ts'
import { withCatalogue } from './quiet-catalogue.ts'

export const loadDemoCommand: Command = {
  name: 'load-demo',
  summary: 'Loads the demo catalogue, as the first start does',
  usage: 'stoa load-demo',
  help: 'Goes on where it was stopped, and does nothing once the demo is there or the shop has products of its own.',
  options: {},
  async run() {
    endWithStarter()
    const config = readConfig(process.env)
    return withCatalogue(config, async (catalogue) => {
      if (await demoIsMissing(catalogue.db))
        await loadDemo(catalogue, config.dataFolder, progressBar(process.stdout))
      return 0
    })
  },
}

function endWithStarter(): void {
  if (!process.channel) return
  process.once('disconnect', () => process.exit(1))
  process.channel.unref()
}

/**
 * The same in a process of its own, so that the shop does not keep for ever the memory that a load
 * takes once. It ends with the process that waits for it.
 * @throws CommandError if it fails, which it has told by itself.
 */
export async function loadDemoApart(config: Config, databaseUrl: string): Promise<void> {
  const program = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [...FRUGAL, program, 'load-demo'], {
    env: { ...process.env, DATABASE_URL: databaseUrl, STOA_HOME: config.home },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) {
    throw new CommandError(
      'The demo catalogue could not be loaded.',
      'Start again to go on with it.',
    )
  }
}
