import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { ProblemDetails } from '#contracts/kit/problem.ts'
import { seededChance } from '../chance.ts'
import { silentLog } from '../log.ts'
import { createHttpServer } from './server.ts'

const app = createHttpServer({ log: silentLog, chance: seededChance(1) })
await app.listen({ port: 0, host: '127.0.0.1' })
after(() => app.close())

async function open(): Promise<Readonly<{ client: Socket; server: Socket }>> {
  const { port } = app.server.address() as AddressInfo
  const accepted = once(app.server, 'connection')
  const client = connect(port, '127.0.0.1')
  const [server] = (await accepted) as [Socket]
  return { client, server }
}

async function answerOn(client: Socket) {
  const [head = '', body = ''] = (await text(client)).split('\r\n\r\n')
  const [status, ...headers] = head.split('\r\n')
  return {
    status: Number(status?.split(' ')[1]),
    headers,
    body: ProblemDetails.parse(JSON.parse(body)),
  }
}

test('a request that does not arrive in time is told to come again, in the words of the contract', async () => {
  const { client, server } = await open()
  client.write('GET /api')
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  app.server.emit('clientError', late, server)
  const { status, headers, body } = await answerOn(client)
  assert.equal(status, 503)
  assert.deepEqual([body.status, body.code, body.retryable], [503, 'unavailable', true])
  assert.ok(headers.includes('retry-after: 1') && headers.includes('connection: close'))
})

for (const [what, bytes] of [
  ['is no request', 'GARBAGE\r\n\r\n'],
  ['has headers beyond all measure', `GET / HTTP/1.1\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`],
] as const) {
  test(`what ${what} is refused as not valid`, async () => {
    const { client } = await open()
    client.write(bytes)
    const { status, body } = await answerOn(client)
    assert.deepEqual([status, body.status, body.code], [400, 400, 'validation_failed'])
  })
}

test('a connection that broke is let go', async () => {
  const { client, server } = await open()
  const broken = Object.assign(new Error('broken'), { code: 'ECONNRESET' })
  app.server.emit('clientError', broken, server)
  assert.equal(await text(client), '')
})
