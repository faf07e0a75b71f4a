import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Allocation } from '#contracts/inventory/schemas.ts'
import { planDispatch } from './dispatch.ts'
import type { LineRecord } from './model.ts'

const line = (n: number, offer: number): LineRecord =>
  ({
    id: `orl_${n}`,
    offerId: `off_${offer}`,
    sellerId: 'sel_a',
    sku: 's',
    name: 'n',
  }) as LineRecord

const held = fc.array(
  fc.record({
    offerId: fc.constantFrom('off_1', 'off_2'),
    warehouseId: fc.constantFrom('wh_1', 'wh_2', 'wh_3'),
    quantity: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
)

test('units shipped in any parts leave exactly the warehouses that hold them', () => {
  const reserved = held.map((all) => [
    ...new Map(all.map((one) => [`${one.offerId} ${one.warehouseId}`, one])).values(),
  ])
  fc.assert(
    fc.property(reserved, fc.infiniteStream(fc.integer({ min: 1, max: 4 })), (holds, sizes) => {
      const left = new Map<string, number>()
      for (const one of holds) left.set(one.offerId, (left.get(one.offerId) ?? 0) + one.quantity)
      const gone: Allocation[] = []
      for (const [offerId, n] of [
        ['off_1', 1],
        ['off_2', 2],
      ] as const) {
        for (let open = left.get(offerId) ?? 0; open > 0; ) {
          const quantity = Math.min(open, sizes.next().value as number)
          const plan = planDispatch([{ line: line(n, n), quantity }], {
            reserved: holds,
            awaited: [],
            gone,
          })
          const taken = plan.allocations.reduce((sum, one) => sum + one.quantity, 0)
          assert.equal(taken, quantity)
          assert.equal(
            plan.lines.reduce((sum, one) => sum + one.quantity, 0),
            quantity,
          )
          gone.push(...plan.allocations)
          open -= quantity
        }
      }
      for (const hold of holds) {
        const same = gone.filter(
          (one) => one.offerId === hold.offerId && one.warehouseId === hold.warehouseId,
        )
        assert.equal(
          same.reduce((sum, one) => sum + one.quantity, 0),
          hold.quantity,
        )
      }
    }),
    { numRuns: 1_000 },
  )
})

test('two lines of one offer share what is held of it', () => {
  const reserved = [
    { offerId: 'off_1', warehouseId: 'wh_1', quantity: 3 },
    { offerId: 'off_1', warehouseId: 'wh_2', quantity: 1 },
  ]
  const wanted = [
    { line: line(1, 1), quantity: 2 },
    { line: line(2, 1), quantity: 2 },
  ]
  const plan = planDispatch(wanted, { reserved, awaited: [], gone: [] })
  assert.deepEqual(
    plan.lines.map(({ lineId, warehouseId, quantity }) => [lineId, warehouseId, quantity]),
    [
      ['orl_1', 'wh_1', 2],
      ['orl_2', 'wh_1', 1],
      ['orl_2', 'wh_2', 1],
    ],
  )
  assert.deepEqual(plan.allocations, reserved)
  const less = { reserved, awaited: [], gone: [reserved[1]!] }
  assert.throws(() => planDispatch(wanted, less), /not reserved/)
})

test('units leave where they lie, and those that have not come in are refused', () => {
  const row = (warehouseId: string, quantity: number) => ({
    offerId: 'off_1',
    warehouseId,
    quantity,
  })
  const reserved = [row('wh_1', 3), row('wh_2', 2)]
  const sources = { reserved, awaited: [row('wh_1', 2)], gone: [row('wh_2', 1)] }
  const plan = planDispatch([{ line: line(1, 1), quantity: 2 }], sources)
  assert.deepEqual(plan.allocations, [row('wh_1', 1), row('wh_2', 1)])
  assert.throws(() => planDispatch([{ line: line(1, 1), quantity: 4 }], sources), {
    code: 'inventory.insufficient_stock',
    options: {
      detail: 'It was sold on back order and has not come in, or was found missing',
      data: { lines: [{ offerId: 'off_1', requested: 4, available: 2 }] },
    },
  })
})
