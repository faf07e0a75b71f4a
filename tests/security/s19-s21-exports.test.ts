/**
 * Goal: no export carries a formula, and nothing of a seller is for another. Source: reliability.md, S19 and S21.
 * Method: S19: whatever writes CSV does so by the one function that makes cells harmless, which any text passes through;
 * S21: sellers have no routes yet, so the rights that such routes will stand on are proven, and that there is no other way.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RouteSpec } from '../../contracts/kit/route.ts'
import { allRoutes } from '../../contracts/routes.ts'
import { isFormula, readCell, writeCell } from '../../server/platform/csv-cells.ts'
import { actorFor } from '../../server/platform/http/actor.ts'
import { sourceFiles } from '../architecture/boundaries.ts'

test('S19: no text becomes a formula as a cell, and each comes back as it was', () => {
  const starts = fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    "'=",
    "'",
    '"',
    ' =',
    ';=',
    ',@',
  )
  const text = fc.oneof(
    fc.string(),
    fc.tuple(starts, fc.string()).map(([start, rest]) => start + rest),
  )
  fc.assert(
    fc.property(text, (given) => {
      const cell = writeCell(given)
      const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
      assert.ok(!isFormula(plain) && !/^\s*[=+@\t\r-]/.test(plain), JSON.stringify(plain))
      assert.equal(readCell(plain), given)
    }),
  )
  assert.equal(writeCell("=cmd|'/c calc'!A1"), "'=cmd|'/c calc'!A1")
})

test('S19: every file of the server that answers CSV writes its cells by that function', () => {
  const writers = sourceFiles().filter(
    ({ path, text }) =>
      path.startsWith('server/') && !/\.test\.ts$/.test(path) && /text\/csv/.test(text),
  )
  assert.ok(writers.length > 0)
  const declared = allRoutes.filter(({ download }) =>
    download?.some((type) => type.includes('csv')),
  )
  const known = [
    'downloadImportErrors',
    'downloadExport',
    'exportSearchQueries',
    'exportSearchZeroResults',
  ]
  assert.deepEqual(
    declared.map(({ operation }) => operation).filter((name) => !known.includes(name)),
    [],
    'a new CSV export: see that it writes its cells by writeCell, and name it here',
  )
  for (const file of [
    'catalog/flows/export-csv.ts',
    'catalog/transfers/service.ts',
    'search/query-log/reports.ts',
  ]) {
    const found = sourceFiles().find(({ path }) => path === `server/modules/${file}`)
    assert.match(found?.text ?? '', /writeCell\(/, file)
  }
})

const forSellers = (permission?: RouteSpec['permission']): RouteSpec => ({
  operation: 'x',
  summary: 'x',
  method: 'GET',
  path: '/x',
  access: ['seller', 'operator'],
  traffic: 'admin',
  replies: {},
  ...(permission ? { permission } : {}),
})

test('S21: who works for sellers acts for those alone where the role allows it', () => {
  const principal = {
    accountId: 'acc_1',
    operator: [],
    sellers: [
      { sellerId: 'sel_a', permissions: ['orders.read'] },
      { sellerId: 'sel_b', permissions: ['catalog.write'] },
    ],
  } as const
  const reader = actorFor(principal, forSellers('orders.read'))
  assert.deepEqual(reader.kind === 'seller' && reader.sellerIds, ['sel_a'])
  assert.equal(actorFor(principal, forSellers('refunds.write')).kind, 'customer')
  assert.equal(actorFor(principal, forSellers()).kind, 'customer', 'unsaid is everything')
  const program = actorFor({ ...principal, isProgram: true }, forSellers('finance.read'))
  assert.deepEqual(program.kind === 'operator' && program.permissions, [])
})

test('S21: no route is for sellers yet; those to come are tried with another seller’s by S1', () => {
  const open = allRoutes.filter(({ access }) => access.includes('seller'))
  for (const route of open) {
    assert.ok(route.permission, `${route.operation} says what it takes`)
    assert.ok(!route.access.includes('public'), route.operation)
  }
})
