import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiDocument } from '../../server/api-document.ts'
import { openApiFaults } from '../support/openapi.ts'

test('the API is described by a document of the structure of OpenAPI 3.1', () => {
  assert.deepEqual(openApiFaults(apiDocument()), [])
})
