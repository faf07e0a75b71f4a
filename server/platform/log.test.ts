import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, withRequestId } from './log.ts'

function capture(level = 'debug') {
  const lines: string[] = []
  const log = createLog(level, { write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> }
}

test('secrets are masked wherever they commonly stand', () => {
  const { log, lines } = capture()
  const secret = 'hunter2-secret'
  const names = 'password token secret authorization cookie apiKey card cvc pan'.split(' ')
  for (const name of names) {
    log.info({ [name]: secret }, 'at the top')
    log.info({ customer: { [name]: secret, id: 'cus_1' } }, 'one level down')
    log.info({ request: { headers: { [name]: secret } } }, 'two levels down')
    log.child({ [name]: secret }).info({}, 'in a child')
  }
  assert.equal(lines.length, names.length * 4)
  assert.deepEqual(
    lines.filter((line) => line.includes(secret)),
    [],
  )
  assert.ok(lines.some((line) => line.includes('cus_1')))
})

test('card numbers are masked in any text, and the line stays JSON', () => {
  const { log, lines, last } = capture()
  for (const card of [
    '4242424242424242',
    '4242 4242 4242 4242',
    '5555-5555-5555-4444',
    '378282246310005',
  ]) {
    log.warn({ error: `refused "${card}" at the gate` }, `card ${card}`)
    assert.ok(!lines.at(-1)?.includes(card), card)
    assert.match(String(last()['error']), /^refused "1[\d -]+1" at the gate$/)
  }
  log.info(
    { number: 4242424242424242, tracking: '4242424242424241', id: 'ord_01jd4242424242424242xyz' },
    'x',
  )
  assert.deepEqual(
    [last()['number'], last()['tracking'], last()['id']],
    [1111111111111111, '4242424242424241', 'ord_01jd4242424242424242xyz'],
  )
})

test('e-mail addresses and tokens are masked in any text; ids and names of tables are not', () => {
  const { log, lines, last } = capture()
  const token = 'one_ee1kEVds3Utd34BjX_SmsFSAwgx3ymZwcSAPVy65FvsHXA'
  log.warn(
    { error: `550 <ada.lovelace+shop@mail.example.co.uk> unknown: /verify?token=${token}` },
    'x',
  )
  log.warn({ error: 'cannot reach postgres://shop:hunter2@db.example:5432/shop' }, 'y')
  assert.equal(
    JSON.parse(lines[0] ?? '')['error'],
    '550 <[e-mail]> unknown: /verify?token=[secret]',
  )
  assert.ok(!lines[1]?.includes('hunter2'))
  const plain =
    'acc_01m83m77bsetrvchgwbkfak3kk broke orders_orders_y2026_m11_shard_customer_id_created_at_idx in node_modules/@stoa/html'
  log.warn({ error: plain }, 'z')
  assert.equal(last()['error'], plain)
})

test('a line tells its time, level, message and request', () => {
  const { log, lines, last } = capture('info')
  log.debug({}, 'too fine')
  assert.equal(lines.length, 0)
  withRequestId('req-12345678', () => log.child({ part: 'test' }).error({ n: 1 }, 'it broke'))
  const { time, ...rest } = last()
  assert.deepEqual(rest, {
    level: 'error',
    msg: 'it broke',
    n: 1,
    part: 'test',
    requestId: 'req-12345678',
  })
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})
