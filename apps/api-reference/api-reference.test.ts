import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiDocument } from '../../server/api-document.ts'
import type { ApiDocument } from './model.ts'
import { referencePage } from './page.ts'

test('every operation and every schema has its place on the page, and no link leads nowhere', () => {
  const document = apiDocument() as unknown as ApiDocument
  const page = referencePage(document)
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods))
      assert.ok(page.includes(`id="${operation.operationId}"`), operation.operationId)
  }
  const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]))
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(places.has(target), target)
  assert.ok(!page.includes('<script'))
})
