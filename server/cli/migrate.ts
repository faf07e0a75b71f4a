import { readConfig } from '../config.ts'
import { createLog } from '../platform/log.ts'
import { type Command, print } from './command.ts'
import { openInstallation } from './open.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Brings the database schema up to date',
  usage: 'stoa migrate',
  help: 'Forward only, each file once. `stoa start` does it too; use this before a rolling restart.',
  options: {},
  async run() {
    const config = readConfig(process.env)
    const database = await openInstallation(config, createLog(config.LOG_LEVEL), print)
    await database.close()
    print('The schema is up to date.')
    return 0
  },
}
