import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { isPublicAddress } from './public-address.ts'
import { PublicFetchError, type PublicFetchOptions, publicFetch } from './public-fetch.ts'

// 127.0.0.2 plays a host of the internet, 127.0.0.1 one of our own network.
const OUTSIDE = '127.0.0.2'
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(`${request.socket.localAddress} ${request.headers.host} ${request.url}`)
  const [, status, location] = /^\/(\d+)\/?(.*)$/.exec(request.url ?? '') ?? []
  if (status && status !== '200') {
    response.writeHead(Number(status), location ? { location: decodeURIComponent(location) } : {})
    return response.end('moved')
  }
  if (request.url === '/slow') return
  response.end('hello')
})
await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
const { port } = server.address() as AddressInfo
after(() => server.close())

function get(url: string, over: Partial<PublicFetchOptions> = {}) {
  asked.length = 0
  return publicFetch({
    url,
    deadlineMs: 2_000,
    resolve: async () => [OUTSIDE],
    isAllowed: (address) => address === OUTSIDE || isPublicAddress(address),
    ports: ['', String(port)],
    ...over,
  })
}

const fault = (name: string) => (error: unknown) =>
  error instanceof PublicFetchError && error.fault === name

async function textOf({ body }: { body: AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('addresses of our own and of special networks are not public, whatever their spelling', () => {
  const special = `127.0.0.1 127.8.9.1 0.0.0.0 10.0.0.1 172.16.3.4 172.31.255.255 192.168.1.1 169.254.169.254
    100.64.0.1 198.18.0.1 224.0.0.1 255.255.255.255 192.0.2.1 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1
    64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: fe80::1 fec0::1 fc00::1 fd12::1 ff02::1 2001:db8::1 2001::1 localhost`
  for (const address of special.split(/\s+/)) assert.equal(isPublicAddress(address), false, address)
  for (const address of [
    '8.8.8.8',
    '172.32.0.1',
    '93.184.216.34',
    '2606:4700::1111',
    '2a00:1450::1',
  ])
    assert.equal(isPublicAddress(address), true, address)
})

test('a public host is asked by its name at the address that was looked at', async () => {
  const reply = await get(`http://pictures.example:${port}/a.jpg`)
  assert.equal(await textOf(reply), 'hello')
  assert.deepEqual(asked, [`${OUTSIDE} pictures.example:${port} /a.jpg`])
})

test('S16: addresses within our network are refused before anything is sent', async () => {
  const own = [
    '127.0.0.1',
    '[::1]',
    '169.254.169.254',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '10.1.2.3',
  ]
  for (const host of own)
    await assert.rejects(get(`http://${host}:${port}/`), fault('private_address'), host)
  const inside = { resolve: async () => ['127.0.0.1'] }
  await assert.rejects(get(`http://localhost:${port}/`, inside), fault('private_address'))
  const mixed = { resolve: async () => [OUTSIDE, '10.0.0.7'] }
  await assert.rejects(get(`http://mixed.example:${port}/`, mixed), fault('private_address'))
  assert.deepEqual(asked, [])
})

test('S16: a redirect into our network is refused, one to a public host is followed', async () => {
  const inside = encodeURIComponent(`http://127.0.0.1:${port}/secret`)
  await assert.rejects(get(`http://a.example:${port}/302/${inside}`), fault('private_address'))
  assert.equal(asked.length, 1)
  const file = encodeURIComponent('file:///etc/passwd')
  await assert.rejects(get(`http://a.example:${port}/302/${file}`), fault('not_http'))
  const on = encodeURIComponent(`http://b.example:${port}/200/`)
  assert.equal(await textOf(await get(`http://a.example:${port}/301/${on}`)), 'hello')
  const ring = encodeURIComponent('/302/')
  await assert.rejects(get(`http://a.example:${port}/302/${ring}`), fault('status'))
})

test('S16: a name that changes its mind is resolved once, and the connection goes there', async () => {
  const answers = [[OUTSIDE], ['127.0.0.1']]
  let times = 0
  const resolve = async () => answers[times++] ?? ['127.0.0.1']
  await textOf(await get(`http://rebind.example:${port}/`, { resolve }))
  assert.equal(times, 1)
  assert.ok(asked[0]?.startsWith(OUTSIDE))
})

test('other protocols, ports, passwords and unknown hosts are refused', async () => {
  for (const url of ['ftp://a.example/', 'file:///etc/passwd', 'nonsense', ''])
    await assert.rejects(get(url), fault('not_http'))
  await assert.rejects(get('http://a.example:6379/'), fault('port'))
  await assert.rejects(get('http://root:secret@a.example/'), fault('credentials'))
  const resolve = async () => Promise.reject(new Error('ENOTFOUND'))
  await assert.rejects(get('http://nowhere.example/', { resolve }), fault('unknown_host'))
})

test('other answers than 200, endless redirects and silence are faults', async () => {
  await assert.rejects(get(`http://a.example:${port}/404`), fault('status'))
  const ring = () =>
    encodeURIComponent(
      `/302/${encodeURIComponent(`/302/${encodeURIComponent(`/302/${encodeURIComponent('/302/%2F')}`)}`)}`,
    )
  await assert.rejects(get(`http://a.example:${port}/302/${ring()}`), fault('too_many_redirects'))
  await assert.rejects(
    get(`http://a.example:${port}/slow`, { deadlineMs: 100 }),
    fault('unreachable'),
  )
})
