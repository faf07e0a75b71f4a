import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { SETTINGS } from '../../server/settings.ts'
import { ROOT } from './boundaries.ts'

/** Goal: what the documents name is there. Method: links, paths, scripts and settings are looked up. */
type Document = Readonly<{ path: string; text: string }>

const documents: readonly Document[] = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => name === 'node_modules' || name.startsWith('.'),
}).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** Links to files that are not there, or to headings that a document does not have. */
function deadLinks({ path, text }: Document): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string)
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', heading] = link.split('#')
      const target = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(ROOT, target))) return true
      return heading !== undefined && !headingsOf(target).includes(heading)
    })
    .map((link) => `${path}: ${link}`)
}

/** As GitHub names them. */
function headingsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Paths from the root that stand as code and are not there; a star stands for a part of a name. */
function deadPaths({ path, text }: Document): string[] {
  const room = /^(contracts|server|apps|packages|tests|tools|bench|bin|docs|deploy)\/[\w./*-]+$/
  return [...text.matchAll(/`([^`\s]+)`/g)]
    .map((match) => (match[1] as string).replace(/:\d+$/, ''))
    .filter((named) => room.test(named) && globSync(named, { cwd: ROOT }).length === 0)
    .map((named) => `${path}: ${named}`)
}

/** Scripts of npm that the project does not have. */
function deadScripts({ path, text }: Document): string[] {
  return [...text.matchAll(/npm run ([a-z:]+)/g)]
    .filter(([, script = '']) => !(script in scripts))
    .map(([command]) => `${path}: ${command}`)
}

const rules = [
  { what: 'link', find: deadLinks, sample: '[here](docs/nowhere.md)' },
  { what: 'path', find: deadPaths, sample: '`server/nowhere.ts`' },
  { what: 'script', find: deadScripts, sample: 'npm run nothing' },
] as const

for (const { what, find, sample } of rules) {
  test(`no document names a ${what} that is not there`, () => {
    assert.ok(documents.length > 40, 'the documents are seen')
    assert.deepEqual(documents.flatMap(find), [])
  })
  test(`a planted ${what} that is not there is found`, () => {
    assert.equal(find({ path: 'README.md', text: sample }).length, 1)
  })
}

test('the readme of a module has 60 lines at most', () => {
  const long = documents
    .filter(({ path }) => /^server\/modules\/[^/]+\/README\.md$/.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 60)
  assert.deepEqual(long, [])
})

test('the readme names each engine that a setting switches on, and only settings there are', () => {
  const readme = documents.find(({ path }) => path === 'README.md') as Document
  const grow = readme.text.slice(readme.text.indexOf('## Grow it'))
  const named = [...grow.slice(0, grow.indexOf('\n## ', 1)).matchAll(/`([A-Z0-9]+_[A-Z0-9_]+)/g)]
  for (const [, name = ''] of named) assert.ok(name in SETTINGS, name)
  const engines = Object.keys(SETTINGS).filter((name) => /_(URL|BROKERS|ENDPOINT)$/.test(name))
  const others = ['PUBLIC_URL', 'INVENTORY_URL', 'TEST_PROVIDER_URL']
  for (const name of engines.filter((one) => !others.includes(one) && !one.endsWith('API_URL')))
    assert.ok(
      named.some(([, other]) => other === name),
      name,
    )
})
