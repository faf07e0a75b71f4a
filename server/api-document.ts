import { allProblems } from '#contracts/problems.ts'
import { allRoutes } from '#contracts/routes.ts'
import { openApiDocument } from './platform/http/openapi.ts'

/** The API's OpenAPI 3.1 document. */
export function apiDocument() {
  return openApiDocument(allRoutes, allProblems, {
    title: 'Stoa',
    version: '1',
    description:
      'The public API of a Stoa shop. Money is whole minor units; errors are RFC 9457 problems with a stable `code`; ' +
      'every POST that creates or charges takes an `Idempotency-Key`.',
  })
}
