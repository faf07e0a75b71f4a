import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { S3_KEYS, startS3 } from '../../../../tests/support/s3.ts'
import { systemChance as chance } from '../../../platform/chance.ts'
import { createFolderStore } from './folder.ts'
import { createS3Store } from './s3.ts'
import type { MediaStore } from './store.ts'

const folder = await mkdtemp(join(tmpdir(), 'stoa-media-'))
after(() => rm(folder, { recursive: true, force: true }))
const s3 = await startS3()
const settings = { endpoint: s3.endpoint, bucket: 'pictures', region: 'eu-central-1', ...S3_KEYS }

const stores: Readonly<Record<string, MediaStore>> = {
  folder: createFolderStore({ folder, chance }),
  S3: createS3Store(settings),
}
const key = 'ab'.repeat(32)

for (const [name, store] of Object.entries(stores)) {
  test(`${name}: what is put is got, to the byte`, async () => {
    const bytes = Buffer.from(chance.bytes(300_000))
    await store.put(key, bytes)
    assert.deepEqual(await store.get(key), bytes)
  })

  test(`${name}: the same put twice, also at once, is there once and whole`, async () => {
    const bytes = Buffer.from(chance.bytes(100_000))
    const twin = 'cd'.repeat(32)
    await Promise.all([store.put(twin, bytes), store.put(twin, bytes), store.put(twin, bytes)])
    assert.deepEqual(await store.get(twin), bytes)
  })

  test(`${name}: what is removed is gone, again is no fault, and it may be put anew`, async () => {
    const gone = '12'.repeat(32)
    await store.put(gone, Buffer.from('once'))
    await store.remove(gone)
    await store.remove(gone)
    assert.equal(await store.get(gone), undefined)
    await store.put(gone, Buffer.from('twice'))
    assert.deepEqual(await store.get(gone), Buffer.from('twice'))
  })

  test(`${name}: what was never put is not there`, async () => {
    assert.equal(await store.get('ef'.repeat(32)), undefined)
  })
}

test('folder: no draft stays behind', async () => {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  assert.ok(names.filter((entry) => entry.isFile()).every((entry) => entry.name.length === 64))
})

test('S3: a store that stumbles is asked again; one that refuses is an error', async () => {
  s3.state.failures = 2
  assert.ok(await stores['S3']?.get(key))
  assert.equal(s3.state.failures, 0)
  const forged = createS3Store({ ...settings, secretAccessKey: 'another' })
  await assert.rejects(forged.put(key, Buffer.from('x')), /403 SignatureDoesNotMatch/)
  await assert.rejects(forged.get(key), /403 SignatureDoesNotMatch/)
  const elsewhere = createS3Store({ ...settings, bucket: 'others' })
  await assert.rejects(elsewhere.put(key, Buffer.from('x')), /404 NoSuchBucket/)
})

test('S3: an endpoint may have a path of its own', async () => {
  const under = createS3Store({ ...settings, endpoint: `${s3.endpoint}/pictures/`, bucket: 'sub' })
  await under.put(key, Buffer.from('x'))
  assert.ok(s3.objects.has(`/pictures/sub/media/${key}`))
})
