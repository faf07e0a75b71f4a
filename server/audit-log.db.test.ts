import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as routes from '#contracts/operations/routes.ts'
import { operatorOf } from '../tests/support/operator.ts'
import { testPlatform } from '../tests/support/platform.ts'
import { auditLogRoutes } from './audit-log.ts'
import { chainAudit } from './platform/audit-log/chain.ts'
import { createAuditTrail } from './platform/audit-log/record.ts'
import { systemClock } from './platform/clock.ts'
import { silentLog } from './platform/log.ts'

const platform = await testPlatform()
const { db, ids } = platform
const operator = operatorOf(platform, auditLogRoutes(db))
const trail = createAuditTrail({ db, ids, clock: systemClock, log: silentLog })
for (const n of [1, 2, 3, 4, 5])
  await trail.note({ actor: 'cli:test', action: `step.${n}`, entityId: 'thg_1', details: { n } })
await chainAudit(db)

test('operators go back through the log by pages, each entry once', async () => {
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const query = { limit: '2', entityId: 'thg_1', ...(cursor ? { cursor } : {}) }
    const page = (await operator(routes.listAuditLog, { query })).body
    seen.push(...page.items.map(({ seq }) => seq))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  assert.deepEqual(seen, [5, 4, 3, 2, 1])
})

test('two filters at once, and what is no cursor of the list, are refused', async () => {
  for (const query of [
    { actor: 'cli:test', action: 'step.1' },
    { cursor: 'x' },
    { cursor: Buffer.from('[1.5]').toString('base64url') },
    { actor: "'; drop table" },
  ])
    assert.equal(
      (await operator(routes.listAuditLog, { query })).status,
      400,
      JSON.stringify(query),
    )
})

test('the head is where the newest entry is', async () => {
  const head = (await operator(routes.getAuditHead)).body
  const [newest] = (await operator(routes.listAuditLog, { query: { limit: '1' } })).body.items
  assert.deepEqual(head, { seq: newest?.seq, hash: newest?.hash })
})
