import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { billOfMaterials } from './support/bill-of-materials.ts'

const HELP = `npm run sbom

Writes sbom.cdx.json: every package that a running shop may be made of, with version, licence and the hash of its bytes,
as CycloneDX. From the lock file, in the order of their names, so that two of one state are the same.`

const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
if (values.help) process.stdout.write(`${HELP}\n`)
else {
  const root = join(import.meta.dirname, '..')
  const bill = billOfMaterials(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)
  process.stdout.write(`sbom.cdx.json names ${bill.components.length} packages\n`)
}
