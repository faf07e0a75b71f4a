import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apiDocument } from '../server/api-document.ts'
import { clientSource } from './client-source.ts'
import { eventsDocument } from './events-document.ts'

const HELP = `npm run generate

Writes what is made from the contracts:
  packages/client/src/generated/operations.ts  types and table of the SDK's operations
  docs/events.md                               the catalogue of events`

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help) {
  process.stdout.write(`${HELP}\n`)
} else {
  const folder = join(import.meta.dirname, '../packages/client/src/generated')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'operations.ts'), clientSource(apiDocument()))
  writeFileSync(join(import.meta.dirname, '../docs/events.md'), await eventsDocument())
  process.stdout.write('Generated packages/client/src/generated/operations.ts and docs/events.md\n')
}
