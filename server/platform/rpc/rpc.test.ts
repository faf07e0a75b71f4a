import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import { seededChance } from '../chance.ts'
import { type Clock, systemClock } from '../clock.ts'
import { createHttpServer } from '../http/server.ts'
import { currentRequestId, silentLog, withRequestId } from '../log.ts'
import { createBreaker } from './breaker.ts'
import { remainingMs, withDeadline } from './deadline.ts'
import { remote, serveRpc } from './index.ts'

const SECRET = 'a secret of both sides'

type EchoApi = Readonly<{
  echo(input: { word: string }): Promise<{ word: string }>
  nothing(): Promise<void>
  refuse(input: { retryAfterSeconds?: number }): Promise<void>
  break(): Promise<void>
  context(): Promise<{ requestId: string | undefined; remainingMs: number }>
}>
const METHODS = ['echo', 'nothing', 'refuse', 'break', 'context'] as const

const echo: EchoApi = {
  echo: async ({ word }) => ({ word }),
  nothing: async () => {},
  refuse: async () => {
    throw new Problem('stock.gone', 409, 'It is gone', { detail: 'All of it', data: { left: 0 } })
  },
  break: async () => {
    throw new Error('an inner secret')
  },
  context: async () => ({
    requestId: currentRequestId(),
    remainingMs: remainingMs({ clock: systemClock, ms: 60_000 }),
  }),
}

function connect(
  url: string,
  { secret = SECRET, deadlineMs = 60_000, clock = systemClock, deadlinesMs = {} } = {},
) {
  return remote<EchoApi>('echo', METHODS, {
    url,
    secret,
    deadlineMs,
    deadlinesMs,
    clock,
    chance: seededChance(1),
    log: silentLog,
  })
}

async function serve(api: object = echo) {
  const app = createHttpServer({ log: silentLog, chance: seededChance(2) })
  serveRpc(app, 'echo', api, { secret: SECRET })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

/** A server that answers as it is told, call by call; the last instruction lasts. */
async function moody(...moods: ((response: ServerResponse) => void)[]) {
  let calls = 0
  const server: Server = createServer((request, response) => {
    const mood = moods[Math.min(calls, moods.length - 1)]
    calls += 1
    request.resume().once('end', () => mood?.(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const answers = (response: ServerResponse) => response.end('{"value":{"word":"hi"}}')
const isBusy = (response: ServerResponse) => response.writeHead(503).end('{}')
const resets = (response: ServerResponse) => response.socket?.destroy()
const hangs = () => {}

test('a call over the wire is answered as the call itself', async (t) => {
  const server = await serve()
  t.after(server.close)
  const far = connect(server.url)
  assert.deepEqual(await far.echo({ word: 'ž' }), { word: 'ž' })
  assert.equal(await far.nothing(), undefined)
})

test('a problem thrown there is the same problem here', async (t) => {
  const server = await serve()
  t.after(server.close)
  await assert.rejects(connect(server.url).refuse({}), (error) => {
    assert.ok(error instanceof Problem)
    const { code, status, title, options } = error
    assert.deepEqual(
      { code, status, title, options },
      {
        code: 'stock.gone',
        status: 409,
        title: 'It is gone',
        options: { detail: 'All of it', data: { left: 0 } },
      },
    )
    return true
  })
})

test('a fault there is a fault here, and tells nothing of the inside', async (t) => {
  const server = await serve()
  t.after(server.close)
  await assert.rejects(connect(server.url).break(), (error: Error) => {
    assert.ok(!(error instanceof Problem))
    assert.doesNotMatch(error.message, /inner secret/)
    return true
  })
})

test('a wrong secret reaches no method', async (t) => {
  const server = await serve()
  t.after(server.close)
  await assert.rejects(connect(server.url, { secret: 'wrong' }).nothing(), /unauthenticated/)
})

test("the request's id and what is left of the deadline travel along", async (t) => {
  const server = await serve()
  t.after(server.close)
  const far = connect(server.url, { deadlineMs: 70_000 })
  const seen = await withRequestId('req-12345678', () => far.context())
  assert.equal(seen.requestId, 'req-12345678')
  assert.ok(seen.remainingMs <= 70_000)
  const nested = await withDeadline({ clock: systemClock, ms: 30_000 }, () => far.context())
  assert.ok(nested.remainingMs <= 30_000)
})

test('a server that hangs is left when the deadline is over, and not asked again', async (t) => {
  const server = await moody(hangs)
  t.after(server.close)
  await assert.rejects(connect(server.url, { deadlineMs: 3_000 }).nothing(), {
    code: 'unavailable',
  })
  assert.equal(server.calls(), 1)
})

test('a method that is given longer is waited for longer', async (t) => {
  const slow = {
    ...echo,
    nothing: () => systemClock.sleep(150),
    echo: async (input: { word: string }) => {
      await systemClock.sleep(150)
      return input
    },
  }
  const server = await serve(slow)
  t.after(server.close)
  const far = connect(server.url, { deadlineMs: 50, deadlinesMs: { echo: 60_000 } })
  assert.deepEqual(await far.echo({ word: 'hi' }), { word: 'hi' })
  await assert.rejects(far.nothing(), { code: 'unavailable' })
})

test('a connection that breaks and a busy server are tried again', async (t) => {
  for (const trouble of [resets, isBusy]) {
    const server = await moody(trouble, trouble, answers)
    t.after(server.close)
    assert.deepEqual(await connect(server.url).echo({ word: 'hi' }), { word: 'hi' })
    assert.equal(server.calls(), 3)
  }
})

test('a refusal is not tried again', async (t) => {
  let calls = 0
  const refuse = async () => {
    calls += 1
    throw generalProblem('conflict')
  }
  const server = await serve({ ...echo, refuse })
  t.after(server.close)
  await assert.rejects(connect(server.url).refuse({}), { code: 'conflict', status: 409 })
  assert.equal(calls, 1)
})

test('nobody listening is unavailable, with a time to come back', async () => {
  const server = await moody(answers)
  await server.close()
  await assert.rejects(connect(server.url).nothing(), {
    code: 'unavailable',
    status: 503,
    options: { detail: 'echo is not reached', retryAfterSeconds: 1 },
  })
})

/** Moves only when told; waiting takes no time, but a deadline never comes. */
function steppedClock(): Clock & { advance(ms: number): void } {
  let now = 0
  return {
    now: () => new Date(now),
    monotonicMs: () => now,
    sleep: (ms, signal) => {
      if (ms < 1_500) return Promise.resolve()
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve())
      })
    },
    advance(ms) {
      now += ms
    },
  }
}

test('a server that stays away is left alone, and found again when it is back', async (t) => {
  const clock = steppedClock()
  let well = false
  const server = await moody((response) => (well ? answers(response) : isBusy(response)))
  t.after(server.close)
  const far = connect(server.url, { clock })
  for (let call = 0; call < 10; call += 1) {
    await assert.rejects(far.echo({ word: 'hi' }), { code: 'unavailable' })
  }
  assert.equal(server.calls(), 5)
  well = true
  await assert.rejects(far.echo({ word: 'hi' }), {
    options: { detail: 'echo does not answer', retryAfterSeconds: 1 },
  })
  clock.advance(501)
  assert.deepEqual(await far.echo({ word: 'hi' }), { word: 'hi' })
  assert.deepEqual(await far.echo({ word: 'hi' }), { word: 'hi' })
})

test('while half of all calls fail, retries stay a tenth of them', async (t) => {
  let calls = 0
  const server = await moody((response) => {
    calls += 1
    return calls % 2 ? isBusy(response) : answers(response)
  })
  t.after(server.close)
  const far = connect(server.url, { clock: steppedClock() })
  const asked = 400
  for (let call = 0; call < asked; call += 1) await far.echo({ word: 'hi' }).catch(() => {})
  assert.ok(server.calls() <= asked * 1.1 + 10, `${server.calls()} requests for ${asked} calls`)
})

test('a breaker lets one probe through, and waits longer after each that fails', () => {
  const clock = steppedClock()
  const breaker = createBreaker({ clock, failures: 2, openMs: 100, maxOpenMs: 300 })
  for (const expected of [100, 200, 300, 300]) {
    breaker.failed()
    if (expected === 100) {
      assert.equal(breaker.state(), 'closed')
      breaker.failed()
    }
    assert.equal(breaker.state(), 'open')
    assert.equal(breaker.admit(), expected)
    clock.advance(expected)
    assert.equal(breaker.state(), 'half-open')
    assert.equal(breaker.admit(), 0)
    assert.ok(breaker.admit() > 0)
  }
  breaker.succeeded()
  assert.equal(breaker.state(), 'closed')
  assert.equal(breaker.admit(), 0)
})
