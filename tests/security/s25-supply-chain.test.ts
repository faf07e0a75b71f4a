/**
 * Goal: what is installed is what was looked at. Source: reliability.md, S25.
 * Method: the lock file names each package's exact version and the hash of its bytes; what is known against them is asked
 * of the registry, where it answers.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { billOfMaterials } from '../../tools/support/bill-of-materials.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))

type Locked = Readonly<{
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
}>

const packages = Object.entries(
  read('package-lock.json').packages as Record<string, Locked>,
).filter(([path, { link }]) => path.includes('node_modules/') && !link)

test('S25: every package is locked to one version and the hash of its bytes', () => {
  assert.ok(packages.length > 100)
  for (const [path, { version, integrity, resolved }] of packages) {
    assert.match(version ?? '', /^\d+\.\d+\.\d+/, path)
    assert.match(integrity ?? '', /^sha512-/, path)
    assert.ok(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/'), path)
  }
  const own = read('package.json')
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies }))
    assert.match(
      String(version),
      /^\d+\.\d+\.\d+(-[\w.]+)?$/,
      `${name} is named by its exact version`,
    )
})

test('S25: only the named packages run scripts when they are installed', () => {
  const allowed = Object.keys(read('package.json').allowScripts)
  assert.ok(allowed.length > 0 && allowed.length < 6)
})

test('S25: the bill of materials names every package that a shop runs, with its version and hash', () => {
  const bill = billOfMaterials(read('package-lock.json'))
  const named = new Map(bill.components.map((one) => [one.purl, one]))
  assert.equal(named.size, bill.components.length)
  const own = read('package.json')
  for (const [name, version] of Object.entries(own.dependencies)) {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
    assert.match(named.get(purl)?.hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/, purl)
  }
  for (const [path, { version, dev, link }] of Object.entries(
    read('package-lock.json').packages as Record<string, Locked & { dev?: boolean }>,
  )) {
    const name = path.split('node_modules/').at(-1)?.replace('@', '%40')
    if (path.includes('node_modules/') && !dev && !link)
      assert.ok(named.has(`pkg:npm/${name}@${version}`), path)
  }
  assert.ok(!named.has(`pkg:npm/%40biomejs/biome@${own.devDependencies['@biomejs/biome']}`))
})

type Audit = Readonly<{ metadata?: Readonly<{ vulnerabilities: Record<string, number> }> }>

test('S25: nothing grave is known against what is installed', async (t) => {
  const words = ['audit', '--omit=dev', '--json', '--fetch-timeout=8000', '--fetch-retries=0']
  const output = await new Promise<string>((resolve) => {
    execFile('npm', words, { cwd: ROOT, timeout: 30_000 }, (_error, stdout) => resolve(stdout))
  })
  let found: Audit = {}
  try {
    found = JSON.parse(output) as Audit
  } catch {
    // No answer that is JSON is no answer.
  }
  if (!found.metadata) return t.skip('the registry does not answer')
  const { high = 0, critical = 0 } = found.metadata.vulnerabilities
  assert.deepEqual({ high, critical }, { high: 0, critical: 0 })
})
