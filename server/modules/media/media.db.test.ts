import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { MEDIA_WIDTHS } from '#contracts/media/addresses.ts'
import { MAX_UPLOAD_BYTES, type Media } from '#contracts/media/routes.ts'
import { serveRoutes } from '../../../tests/support/http-server.ts'
import { bombPng, drawPicture } from '../../../tests/support/pictures.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { S3_KEYS, startS3 } from '../../../tests/support/s3.ts'
import { eventually } from '../../../tests/support/shopper.ts'
import { systemChance as chance } from '../../platform/chance.ts'
import { systemClock as clock } from '../../platform/clock.ts'
import { createMedia } from './index.ts'

const platform = await testPlatform()
const folder = await mkdtemp(join(tmpdir(), 'stoa-media-'))
after(() => rm(folder, { recursive: true, force: true }))

/** 127.0.0.2 plays the internet. */
const outside = createServer((request, response) => {
  const picture = pages.get(request.url ?? '')
  if (picture) response.end(picture)
  else response.writeHead(404).end()
})
const pages = new Map<string, Buffer>()
await new Promise<void>((resolve) => outside.listen(0, '127.0.0.2', resolve))
after(() => outside.close())
const { port } = outside.address() as AddressInfo
const world = {
  resolve: async (host: string) => [host === 'inside.example' ? '127.0.0.1' : '127.0.0.2'],
  isAllowed: (address: string) => address === '127.0.0.2',
  ports: ['', String(port)],
}
const { db } = platform
const media = createMedia({ db, chance, clock, folder, world })
await media.start?.()
const base = await serveRoutes(platform, media.routes)

type Answer = Media & { code?: string; detail?: string }

async function upload(
  bytes: Uint8Array,
  type = 'application/octet-stream',
): Promise<{ status: number; body: Answer }> {
  const reply = await fetch(`${base}/api/v1/admin/media`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(bytes),
  })
  return { status: reply.status, body: (await reply.json()) as Answer }
}

async function everything(): Promise<string> {
  const { rows } = await db.query({ text: 'select count(*)::int as files from media.files' })
  const names = await readdir(folder, { recursive: true })
  const files = names.filter((name) => !/^(sizes|masters|incoming)(\/..)?(\/..)?$/.test(name))
  return JSON.stringify([rows, files.sort()])
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${base}${path}`, { headers })

test('a picture is kept under the hash of its bytes, upright and without what was written into it', async () => {
  const photo = await drawPicture({ width: 640, height: 480 })
    .flatten()
    .jpeg()
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Copyright: 'Somebody' }, IFD3: { GPSLatitudeRef: 'N' } })
    .toBuffer()
  assert.match(photo.toString('latin1'), /Somebody/)
  const { status, body } = await upload(photo, 'text/html')
  assert.equal(status, 201)
  assert.match(body.key, /^[0-9a-f]{64}$/)
  assert.deepEqual([body.width, body.height, body.createdBy], [480, 640, 'operator:ops_1'])
  assert.match(body.color, /^#[0-9a-f]{6}$/)
  const reply = await get(`/media/${body.key}/960.jpg`)
  const shown = Buffer.from(await reply.arrayBuffer())
  const { exif, orientation, icc, xmp, width, height } = await sharp(shown).metadata()
  assert.deepEqual([exif, orientation, icc, xmp], [undefined, undefined, undefined, undefined])
  assert.deepEqual([width, height], [480, 640])
  assert.doesNotMatch(shown.toString('latin1'), /Somebody/)
})

test('the same bytes again, also at once, are the same picture', async () => {
  const bytes = await drawPicture({ width: 200, height: 300 }).png().toBuffer()
  const first = await Promise.all([upload(bytes), upload(bytes), upload(bytes)])
  const again = await upload(bytes)
  assert.equal(new Set([...first, again].map(({ body }) => body.key)).size, 1)
  assert.equal(first.filter(({ status }) => status === 201).length, 1)
  assert.equal(again.status, 200)
})

test('sizes come in every width and format, are made once, and may be kept for ever', async () => {
  const { body } = await upload(
    await drawPicture({ width: 1000, height: 500, sheer: true }).webp().toBuffer(),
  )
  for (const format of ['avif', 'webp', 'jpg'] as const) {
    for (const width of [160, 640, 1920]) {
      const reply = await get(`/media/${body.key}/${width}.${format}`)
      assert.equal(reply.status, 200)
      const type = format === 'jpg' ? 'image/jpeg' : `image/${format}`
      assert.equal(reply.headers.get('content-type'), type)
      assert.equal(reply.headers.get('cache-control'), 'public, max-age=31536000, immutable')
      assert.equal(reply.headers.get('x-content-type-options'), 'nosniff')
      const shown = await sharp(Buffer.from(await reply.arrayBuffer())).metadata()
      assert.equal(shown.width, Math.min(width, 1000))
      assert.equal(shown.hasAlpha, format !== 'jpg')
      const etag = reply.headers.get('etag') as string
      const known = await get(`/media/${body.key}/${width}.${format}`, { 'if-none-match': etag })
      assert.equal(known.status, 304)
    }
  }
})

test('many who ask for one size at once get the same bytes', async () => {
  const { body } = await upload(await drawPicture({ width: 900, height: 700 }).png().toBuffer())
  const replies = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const reply = await get(`/media/${body.key}/480.avif`)
      return Buffer.from(await reply.arrayBuffer()).toString('hex')
    }),
  )
  assert.equal(new Set(replies).size, 1)
  assert.deepEqual(
    await readdir(join(folder, 'sizes', body.key.slice(0, 2), body.key.slice(2, 4), body.key)),
    ['480.avif'],
  )
})

/** As it stands: `fetch` would tidy the path before it is sent. */
function getAsIs(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request(`${base}/`, { path }, async (reply) => {
      const chunks: Buffer[] = []
      for await (const chunk of reply) chunks.push(chunk as Buffer)
      resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() })
    })
      .on('error', reject)
      .end()
  })
}

test('S14: what is no key, width and format is not found, wherever it points', async () => {
  const { body } = await upload(await drawPicture().png().toBuffer())
  const { key } = body
  const paths = [
    `/media/${'0'.repeat(64)}/640.jpg`,
    `/media/${key}/641.jpg`,
    `/media/${key}/0640.jpg`,
    `/media/${key}/640.png`,
    `/media/${key.toUpperCase()}/640.jpg`,
    `/media/${key}/..%2f..%2f..%2f..%2fsecrets.json`,
    '/media/..%2f..%2f..%2f..%2fetc%2fpasswd/640.jpg',
    '/media/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/media/../../../../../../etc/passwd',
    `/media/..%5c..%5cwindows/640.jpg`,
    `/media/${key}/%2e%2e`,
    '/media/%252e%252e%252fetc/640.jpg',
  ]
  for (const path of paths) {
    const { status, text } = await getAsIs(path)
    assert.equal(status, 404, path)
    assert.doesNotMatch(text, /root:/)
  }
  assert.equal((await getAsIs(`/media/${key}/640.jpg%00.html`)).status, 400)
  assert.ok((await getAsIs(`/media/${key}/%c0%ae%c0%ae`)).status >= 400)
})

test('a file that is no good is refused in words, and nothing of it is kept', async () => {
  const jpeg = await drawPicture().flatten().jpeg().toBuffer()
  const broken = Buffer.from(jpeg)
  broken.fill(0x55, 200, 320)
  const png = await drawPicture().png().toBuffer()
  const gibberish = Buffer.concat([
    png.subarray(0, 60),
    chance.bytes(png.length - 60 - 12),
    png.subarray(-12),
  ])
  const bad: [string, Uint8Array, number, string][] = [
    ['nothing', Buffer.alloc(0), 400, 'media.empty'],
    ['HTML', Buffer.from('<html><body>hello</body></html>'), 415, 'media.unsupported_format'],
    ['SVG', Buffer.from('<svg onload="alert(1)"/>'), 415, 'media.unsupported_format'],
    ['bomb', bombPng(60_000), 422, 'media.too_many_pixels'],
    ['truncated', jpeg.subarray(0, jpeg.length / 2), 422, 'media.damaged'],
    [
      'truncated, but ended',
      Buffer.concat([jpeg.subarray(0, jpeg.length / 2), Buffer.from([0xff, 0xd9])]),
      422,
      'media.damaged',
    ],
    ['broken within', broken, 422, 'media.damaged'],
    ['gibberish', gibberish, 422, 'media.damaged'],
    [
      'polyglot',
      Buffer.concat([jpeg, Buffer.from('PK\x03\x04<script>')]),
      422,
      'media.trailing_data',
    ],
    ['too large', Buffer.concat([jpeg, Buffer.alloc(MAX_UPLOAD_BYTES)]), 413, 'payload_too_large'],
  ]
  const before = await everything()
  for (const [name, bytes, status, code] of bad) {
    const answer = await upload(bytes, 'image/jpeg')
    assert.deepEqual([answer.status, answer.body.code], [status, code], name)
  }
  assert.equal(await everything(), before)
})

test('a body that goes on beyond the limit is stopped there, and one that breaks off leaves nothing', async () => {
  const before = await everything()
  const chunk = Buffer.alloc(2 ** 20, 0xff)
  async function* endless() {
    for (let count = 0; count < 64; count += 1) yield chunk
  }
  const options = { method: 'POST', body: Readable.from(endless()), duplex: 'half' }
  const answer = await fetch(`${base}/api/v1/admin/media`, options as unknown as RequestInit).then(
    (reply) => reply.status,
    () => 413,
  )
  assert.equal(answer, 413)
  await new Promise<void>((resolve) => {
    const call = request(`${base}/api/v1/admin/media`, {
      method: 'POST',
      headers: { 'content-length': 5_000 },
    })
    call.on('error', () => resolve())
    call.write(chunk.subarray(0, 1_000), () => setTimeout(() => call.destroy(), 50))
  })
  await eventually(everything, (now) => now === before)
})

test('a picture is fetched from a public address, once, and not from our own network', async () => {
  pages.set('/a.jpg', await drawPicture({ width: 321, height: 123 }).flatten().jpeg().toBuffer())
  pages.set('/page.jpg', Buffer.from('<html>'))
  const add = async (url: string) => {
    const reply = await fetch(`${base}/api/v1/admin/media/by-url`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url }),
    })
    return { status: reply.status, body: (await reply.json()) as Answer }
  }
  const url = `http://shop.example:${port}/a.jpg`
  const first = await add(url)
  assert.deepEqual([first.status, first.body.width, first.body.sourceUrl], [201, 321, url])
  assert.deepEqual([(await add(url)).status, (await add(url)).body.key], [200, first.body.key])
  const before = await everything()
  const refused: [string, string][] = [
    [`http://shop.example:${port}/none.jpg`, 'media.fetch_failed'],
    [`http://shop.example:${port}/page.jpg`, 'media.unsupported_format'],
    [`http://inside.example:${port}/a.jpg`, 'media.address_refused'],
    ['http://169.254.169.254/latest/meta-data/', 'media.address_refused'],
    ['http://[::1]/', 'media.address_refused'],
    ['file:///etc/passwd', 'media.address_refused'],
  ]
  for (const [one, code] of refused) {
    const { status, body } = await add(one)
    assert.deepEqual([status < 500, body.code], [true, code], one)
  }
  assert.equal(await everything(), before)
})

test('operators see all pictures, newest first, page by page', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const reply = await get(`/api/v1/admin/media?limit=2${cursor && `&cursor=${cursor}`}`)
    const page = (await reply.json()) as { items: Media[]; nextCursor: string | null }
    seen.push(...page.items.map(({ key }) => key))
    cursor = page.nextCursor
  }
  const { rows } = await db.query({
    text: 'select key from media.files order by created_at desc, key desc',
  })
  assert.deepEqual(
    seen,
    rows.map((row) => row['key']),
  )
  assert.equal((await get('/api/v1/admin/media?cursor=WyJ4IiwieSJd')).status, 400)
  assert.equal((await get(`/api/v1/admin/media/${'0'.repeat(64)}`)).status, 404)
  assert.equal((await get(`/api/v1/admin/media/${seen[0]}`)).status, 200)
})

test('guests and customers may see pictures, and neither add nor list them', async () => {
  const guests = await serveRoutes(platform, media.routes, { kind: 'guest' })
  for (const path of ['/api/v1/admin/media', '/api/v1/admin/media/by-url']) {
    const body = path.endsWith('url') ? '{"url":"http://a.example/"}' : 'x'
    const headers = { 'content-type': 'application/json' }
    assert.equal((await fetch(`${guests}${path}`, { method: 'POST', body, headers })).status, 401)
  }
  assert.equal((await fetch(`${guests}/api/v1/admin/media`)).status, 401)
})

test('with S3 nothing but made sizes is on the disk, and they are made again if it is emptied', async () => {
  const s3 = await startS3()
  const place = await mkdtemp(join(tmpdir(), 'stoa-media-'))
  after(() => rm(place, { recursive: true, force: true }))
  const settings = { endpoint: s3.endpoint, bucket: 'pictures', region: 'us-east-1', ...S3_KEYS }
  const remote = createMedia({ db, chance, clock, folder: place, s3: settings })
  const address = await serveRoutes(platform, remote.routes)
  const body = new Uint8Array(await drawPicture({ width: 333 }).png().toBuffer())
  const reply = await fetch(`${address}/api/v1/admin/media`, { method: 'POST', body })
  const { key } = (await reply.json()) as Media
  assert.ok(s3.objects.has(`/pictures/media/${key}`))
  for (const width of MEDIA_WIDTHS.slice(0, 2)) {
    assert.equal((await fetch(`${address}/media/${key}/${width}.webp`)).status, 200)
    await rm(join(place, 'sizes'), { recursive: true })
  }
  assert.deepEqual(await readdir(place), ['incoming'])
})
