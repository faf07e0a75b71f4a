import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { allEvents } from '../../contracts/events.ts'
import { allProblems } from '../../contracts/problems.ts'
import { allRoutes } from '../../contracts/routes.ts'
import { apiDocument } from '../../server/api-document.ts'
import { ADDRESS_LIMITS } from '../../server/platform/http/gateway/limits.ts'
import { SETTINGS } from '../../server/settings.ts'
import { clientSource } from '../../tools/client-source.ts'
import { eventsDocument } from '../../tools/events-document.ts'
import { settingsDocument } from '../../tools/settings-document.ts'
import { ROOT, sourceFiles } from './boundaries.ts'

test('the client is what `npm run generate` would make of the contracts now', () => {
  const committed = readFileSync(join(ROOT, 'packages/client/src/generated/operations.ts'), 'utf8')
  assert.equal(committed, clientSource(apiDocument()), 'run `npm run generate`')
})

test('the catalogue of events is what `npm run generate` would make now, of all contracts', async () => {
  const committed = readFileSync(join(ROOT, 'docs/events.md'), 'utf8')
  assert.equal(committed, await eventsDocument(), 'run `npm run generate`')
  const declared = sourceFiles()
    .filter(({ path }) => /^contracts\/\w+\/events\.ts$/.test(path))
    .flatMap(({ text }) => [...text.matchAll(/type: '([a-z_.]+\.v\d+)'/g)].map((match) => match[1]))
  assert.deepEqual(allEvents.map(({ type }) => type).sort(), declared.sort())
})

test('the table of settings is what `npm run generate` would make now', () => {
  const committed = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8')
  assert.equal(committed, settingsDocument(), 'run `npm run generate`')
})

test('every setting is read by the program', () => {
  const program = sourceFiles()
    .filter(({ path }) => path.startsWith('server/') && !/\.test\.ts$/.test(path))
    .filter(({ path }) => path !== 'server/settings.ts')
    .map(({ text }) => text)
    .join('\n')
  const unread = Object.keys(SETTINGS).filter((name) => !new RegExp(`\\b${name}\\b`).test(program))
  assert.deepEqual(unread, [])
})

test('operations and paths are unique, and every route says who may call it', () => {
  const names = allRoutes.map((route) => route.operation)
  assert.equal(new Set(names).size, names.length)
  const places = allRoutes.map((route) => `${route.method} ${route.path}`)
  assert.equal(new Set(places).size, places.length)
  for (const route of allRoutes) assert.ok(route.access.length > 0, route.operation)
})

test('every route of the contracts is bound by the server', () => {
  const texts = (folder: string) =>
    sourceFiles()
      .filter(({ path }) => path.startsWith(folder) && !/\.test\.ts$/.test(path))
      .map(({ text }) => text)
      .join('\n')
  const declared = [...texts('contracts/').matchAll(/^export const (\w+) = route\(/gm)]
  assert.equal(declared.length, allRoutes.length)
  const server = texts('server/')
  const unbound = declared.filter(([, name]) => !new RegExp(`\\b${name}\\b`).test(server))
  assert.deepEqual(
    unbound.map(([, name]) => name),
    [],
  )
})

test('every route of the API says whose limits it has, or has its own', () => {
  for (const { operation, traffic, limit } of allRoutes) {
    const { burst, perSecond } = limit ?? ADDRESS_LIMITS[traffic]
    assert.ok(burst >= 1 && perSecond > 0 && Number.isFinite(burst / perSecond), operation)
  }
})

test('every problem code that a module declares is raised somewhere, and every one raised is declared', () => {
  const server = sourceFiles().filter(
    (file) => file.path.startsWith('server/') && !/\.test\.ts$/.test(file.path),
  )
  const text = server.map((file) => file.text).join('\n')
  const modules =
    /^(media|catalog|search|cart|pricing|inventory|orders|payments|fraud|identity|shipping|operations)\./
  for (const code of Object.keys(allProblems).filter((name) => modules.test(name))) {
    assert.ok(text.includes(`'${code}'`), `${code} is declared and never raised`)
  }
  const raised = [...text.matchAll(/(?:Problem|refuse)\(\s*'([a-z_.]+)'/g)].map(
    (match) => match[1] as string,
  )
  for (const code of raised) assert.ok(code in allProblems, `${code} is raised and not declared`)
})
