import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '#contracts/kit/problem.ts'
import { createGate } from './gate.ts'

test('no more than allowed are in at once, all get their turn, and one too many is refused', async () => {
  const gate = createGate({ concurrency: 2, waiting: 3 })
  const ends: (() => void)[] = []
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise<void>((resolve) => ends.push(resolve))
    inside -= 1
  }
  const all = [1, 2, 3, 4, 5].map(() => gate(work))
  await assert.rejects(gate(work), { code: 'unavailable' })
  for (let turn = 0; turn < 10; turn += 1) {
    for (const end of ends.splice(0)) end()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(all)
  assert.deepEqual([most, inside], [2, 0])
})

test('work that fails gives its place free', async () => {
  const gate = createGate({ concurrency: 1, waiting: 1 })
  await assert.rejects(
    gate(() => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await gate(async () => 7), 7)
})

test('whose turn comes too late is refused, and those after him are not', async () => {
  let ms = 0
  const patience = { ms: 5_000, clock: { monotonicMs: () => ms } }
  const gate = createGate({ concurrency: 1, waiting: 3, patience })
  let end = () => {}
  const first = gate(() => new Promise<void>((resolve) => (end = resolve)))
  const late = assert.rejects(
    gate(async () => 'late'),
    (error) => (error as Problem).options.retryAfterSeconds === 2,
  )
  ms = 5_001
  const next = gate(async () => 'next')
  end()
  await first
  await late
  assert.equal(await next, 'next')
})
