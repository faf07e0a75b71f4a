import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyTag, namesEtag, revalidated } from './etag.ts'

const ask = (given?: string) => ({ headers: given === undefined ? {} : { 'if-none-match': given } })
const PUBLIC = { 'content-type': 'application/json', 'cache-control': 'public, s-maxage=60' }

test('whoever names the tag has it: weak or strong, alone or in a list, or any version at all', () => {
  for (const given of ['"a"', 'W/"a"', '"x", W/"a"', '*'])
    for (const etag of ['"a"', 'W/"a"']) assert.ok(namesEtag(ask(given), etag), given)
  for (const given of [undefined, '', '"b"', 'a', '"*"']) assert.ok(!namesEtag(ask(given), '"a"'))
})

test('what shared caches keep says which answer it is, and is not sent again to whom has it', () => {
  const reply = { status: 200, headers: PUBLIC, body: '{"items":[]}' }
  const etag = bodyTag(reply.body)
  assert.deepEqual(revalidated(reply, ask()), { ...reply, headers: { ...PUBLIC, etag } })
  const known = { 'cache-control': PUBLIC['cache-control'], etag }
  assert.deepEqual(revalidated(reply, ask(etag)), { status: 304, headers: known, body: '' })
  assert.equal(revalidated({ ...reply, body: '{}' }, ask(etag)).status, 200)
})

test('a tag that the handler gave stands', () => {
  const reply = { status: 200, headers: { ...PUBLIC, etag: '"mine"' }, body: Buffer.from('{}') }
  assert.deepEqual(revalidated(reply, ask('"other"')), reply)
  assert.equal(revalidated(reply, ask('"mine"')).status, 304)
})

test('what is private, refused or empty has no tag', () => {
  const body = '{}'
  for (const reply of [
    { status: 200, headers: { 'cache-control': 'no-store' }, body },
    { status: 404, headers: PUBLIC, body },
    { status: 200, headers: PUBLIC, body: '' },
  ])
    assert.equal(revalidated(reply, ask('*')), reply)
})
