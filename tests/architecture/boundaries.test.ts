import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DEPENDENCIES } from '../../server/modules/dependencies.ts'
import { breaches, circles, fileCircles, ROOT, sourceFiles } from './boundaries.ts'

const files = sourceFiles()

test('every module folder is seen, has a front door, and has a line in dependencies.ts', () => {
  const folders = readdirSync(join(ROOT, 'server/modules'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  assert.deepEqual(folders, Object.keys(DEPENDENCIES).sort())
  for (const folder of folders) {
    assert.ok(
      files.some((file) => file.path === `server/modules/${folder}/index.ts`),
      `${folder}/index.ts`,
    )
  }
})

test('no import goes through a wall', () => {
  assert.deepEqual(breaches(files), [])
})

test('modules and files do not depend on each other in circles', () => {
  assert.deepEqual(circles(DEPENDENCIES), [])
  assert.deepEqual(fileCircles(files), [])
})

const planted: readonly [rule: string, path: string, text: string][] = [
  [
    'the inside of another module',
    'server/modules/cart/service.ts',
    `import { x } from '../catalog/repository.ts'`,
  ],
  [
    'a module that is not in its line',
    'server/modules/inventory/service.ts',
    `import { x } from '../orders/index.ts'`,
  ],
  [
    'a module from the platform',
    'server/platform/log.ts',
    `import { x } from '../modules/cart/index.ts'`,
  ],
  [
    'a business contract from the platform',
    'server/platform/log.ts',
    `import { x } from '#contracts/orders/events.ts'`,
  ],
  [
    'the composition root from a module',
    'server/modules/cart/service.ts',
    `import { x } from '../../main.ts'`,
  ],
  [
    'the server from an app',
    'apps/storefront/page.ts',
    `import type { x } from '../../server/modules/cart/index.ts'`,
  ],
  [
    'another app from an app',
    'apps/storefront/page.ts',
    `import { x } from '../test-provider/index.ts'`,
  ],
  ['a library from the contracts', 'contracts/cart/routes.ts', `import fastify from 'fastify'`],
  [
    'the inside of another module, awaited',
    'server/modules/cart/service.ts',
    `const x = await import('../catalog/model.ts')`,
  ],
]
for (const [rule, path, text] of planted) {
  test(`a planted violation is caught: ${rule}`, () => {
    assert.equal(breaches([{ path, text }]).length, 1)
  })
}

test('planted circles are caught', () => {
  assert.deepEqual(circles({ a: ['b'], b: ['c'], c: ['a'] }), ['a → b → c → a'])
  const ring = [
    { path: 'server/platform/a.ts', text: `import { b } from './b.ts'` },
    { path: 'server/platform/b.ts', text: `import type { A } from './a.ts'` },
  ]
  assert.equal(fileCircles(ring).length, 1)
})
