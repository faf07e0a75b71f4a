import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apiDocument } from '../server/api-document.ts'
import { clientSource } from './client-source.ts'

const HELP = `npm run generate

Writes what is made from the contracts:
  packages/client/src/generated/operations.ts  types and table of the SDK's operations`

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help) {
  process.stdout.write(`${HELP}\n`)
} else {
  const folder = join(import.meta.dirname, '../packages/client/src/generated')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'operations.ts'), clientSource(apiDocument()))
  process.stdout.write('Generated packages/client/src/generated/operations.ts\n')
}
