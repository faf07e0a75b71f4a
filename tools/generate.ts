import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apiDocument } from '../server/api-document.ts'
import { clientSource } from './client-source.ts'
import { eventsDocument } from './events-document.ts'
import { paymentPageList } from './payment-page.ts'
import { reliabilityDocument } from './reliability-document.ts'
import { settingsDocument } from './settings-document.ts'

const HELP = `npm run generate

Writes what is made from the contracts and the configuration:
  packages/client/src/generated/operations.ts  types and table of the SDK's operations
  docs/events.md                               the catalogue of events
  docs/reliability.md                          what holds under faults, and the tests that show it
  docs/settings.md                             every setting
  apps/storefront/payment-page.json            the scripts of the payment page, with their hashes`

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help) {
  process.stdout.write(`${HELP}\n`)
} else {
  const folder = join(import.meta.dirname, '../packages/client/src/generated')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'operations.ts'), clientSource(apiDocument()))
  writeFileSync(join(import.meta.dirname, '../docs/events.md'), await eventsDocument())
  writeFileSync(join(import.meta.dirname, '../docs/reliability.md'), reliabilityDocument())
  writeFileSync(join(import.meta.dirname, '../docs/settings.md'), settingsDocument())
  const list = join(import.meta.dirname, '../apps/storefront/payment-page.json')
  writeFileSync(list, await paymentPageList())
  process.stdout.write('Generated what `npm run generate -- --help` lists\n')
}
