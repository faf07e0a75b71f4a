import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BatcherFull, type BatchResult, createBatcher } from './batcher.ts'
import { currentRequestId, withRequestId } from './log.ts'

type Batch = Readonly<{ items: readonly number[]; finish(): void; fail(error: unknown): void }>

/** A batcher whose batches end when the test says so; each item's result is itself, doubled. */
function heldBatcher(options: { maxBatch?: number; maxWaiting?: number; concurrency?: number }) {
  const batches: Batch[] = []
  const submit = createBatcher<number, number>({
    maxBatch: 100,
    ...options,
    run: (items) =>
      new Promise<readonly BatchResult<number>[]>((resolve, reject) => {
        batches.push({
          items,
          finish: () => resolve(items.map((item) => ({ value: item * 2 }))),
          fail: reject,
        })
      }),
  })
  return { submit, batches, take: (place: number) => batches[place] as Batch }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

test('what comes in one turn shares a batch, and the next gathers while it commits', async () => {
  const { submit, batches, take } = heldBatcher({})
  const first = range(0, 3).map(submit)
  await nextTurn()
  const second = [3, 4].map(submit)
  await nextTurn()
  const third = [5].map(submit)
  await nextTurn()
  assert.deepEqual(
    batches.map((batch) => batch.items),
    [[0, 1, 2]],
  )
  assert.equal(submit.waiting(), 3)
  take(0).finish()
  assert.deepEqual(await Promise.all(first), [0, 2, 4])
  assert.deepEqual(
    batches.map((batch) => batch.items),
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  )
  take(1).finish()
  assert.deepEqual(await Promise.all([...second, ...third]), [6, 8, 10])
  assert.equal(submit.waiting(), 0)
})

test('batches are bounded, keep the order of arrival, and leave nobody behind', async () => {
  const seen: number[] = []
  let largest = 0
  const submit = createBatcher<number, number>({
    maxBatch: 7,
    async run(items) {
      largest = Math.max(largest, items.length)
      await nextTurn()
      seen.push(...items)
      return items.map((value) => ({ value }))
    },
  })
  const answers: Promise<number>[] = []
  for (const n of range(0, 500)) {
    answers.push(submit(n))
    if (n % 40 === 0) await nextTurn()
  }
  assert.deepEqual(await Promise.all(answers), range(0, 500))
  assert.deepEqual(seen, range(0, 500))
  assert.equal(largest, 7)
})

test('as many batches run at once as were allowed, and no more', async () => {
  const { submit, batches, take } = heldBatcher({ maxBatch: 2, concurrency: 2 })
  const answers = range(0, 7).map(submit)
  await nextTurn()
  assert.deepEqual(
    batches.map((batch) => batch.items),
    [
      [0, 1],
      [2, 3],
    ],
  )
  take(1).finish()
  await Promise.all(answers.slice(2, 4))
  assert.deepEqual(batches.at(-1)?.items, [4, 5])
  for (let place = 0; place < 4; place += 1) {
    batches[place]?.finish()
    await nextTurn()
  }
  assert.deepEqual(
    await Promise.all(answers),
    range(0, 7).map((n) => n * 2),
  )
})

test('a full queue refuses at once, and takes again when there is room', async () => {
  const { submit, batches, take } = heldBatcher({ maxBatch: 2, maxWaiting: 2 })
  const running = [submit(0), submit(1)]
  await nextTurn()
  const waiting = [submit(2), submit(3)]
  await assert.rejects(submit(4), BatcherFull)
  take(0).finish()
  await Promise.all(running)
  const later = submit(5)
  take(1).finish()
  await Promise.all(waiting)
  batches[2]?.finish()
  assert.equal(await later, 10)
})

test("an item's own refusal is its alone", async () => {
  const refusal = new Error('not this one')
  const submit = createBatcher<number, number>({
    maxBatch: 10,
    run: async (items) => items.map((n) => (n === 1 ? { error: refusal } : { value: n })),
  })
  const [zero, one, two] = await Promise.allSettled([0, 1, 2].map(submit))
  assert.deepEqual(
    [zero, two].map((one) => one?.status),
    ['fulfilled', 'fulfilled'],
  )
  assert.equal((one as PromiseRejectedResult).reason, refusal)
})

test('a poisoned item fails alone, its neighbours pass, in few more batches', async () => {
  let runs = 0
  const done: number[] = []
  const submit = createBatcher<number, number>({
    maxBatch: 500,
    async run(items) {
      runs += 1
      await nextTurn()
      if (items.includes(317)) throw new Error('poisoned')
      done.push(...items)
      return items.map((value) => ({ value }))
    },
  })
  const answers = await Promise.allSettled(range(0, 500).map(submit))
  const failed = answers.flatMap((answer, n) => (answer.status === 'rejected' ? [n] : []))
  assert.deepEqual(failed, [317])
  assert.deepEqual(
    done,
    range(0, 500).filter((n) => n !== 317),
  )
  assert.ok(runs <= 2 * Math.ceil(Math.log2(500)) + 1, String(runs))
})

test('an error of the whole is not tried item by item, not even by the other half', async () => {
  const gone = new Error('the database is gone')
  let runs = 0
  const submit = createBatcher<number, number>({
    maxBatch: 64,
    fatal: (error) => error === gone,
    async run() {
      runs += 1
      throw runs === 1 ? new Error('a lock timeout') : gone
    },
  })
  const answers = await Promise.allSettled(range(0, 64).map(submit))
  assert.ok(answers.every((answer) => answer.status === 'rejected' && answer.reason === gone))
  assert.equal(runs, 2)
})

test('after a batch has failed the next ones run', async () => {
  const { submit, take } = heldBatcher({ maxBatch: 1 })
  const [failing, passing] = [submit(1), submit(2)]
  await nextTurn()
  take(0).fail(new Error('no'))
  await assert.rejects(failing, /no/)
  await nextTurn()
  take(1).finish()
  assert.equal(await passing, 4)
})

test('a batch that forgets an item fails that item, and throwing at once is failing', async () => {
  const forgets = createBatcher<number, number>({
    maxBatch: 2,
    run: async () => [{ value: 1 }],
  })
  const [first, second] = await Promise.allSettled([forgets(1), forgets(2)])
  assert.equal(first?.status, 'fulfilled')
  assert.match(String((second as PromiseRejectedResult).reason), /gave no result for item 1/)
  const throws = createBatcher<number, number>({
    maxBatch: 2,
    run() {
      throw new Error('at once')
    },
  })
  await assert.rejects(throws(1), /at once/)
})

test('a batch of one runs in its caller’s context, a shared one in nobody’s', async () => {
  const contexts: (string | undefined)[] = []
  const submit = createBatcher<number, number>({
    maxBatch: 10,
    async run(items) {
      contexts.push(currentRequestId())
      await nextTurn()
      return items.map((value) => ({ value }))
    },
  })
  const ask = (id: string) => withRequestId(id, () => submit(1))
  await ask('alone')
  await Promise.all([ask('one'), ask('two')])
  const first = ask('first')
  await nextTurn()
  await Promise.all([first, ask('second')])
  assert.deepEqual(contexts, ['alone', undefined, 'first', 'second'])
})
