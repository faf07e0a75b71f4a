import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { createLink, type Link } from './link.ts'

const opened: Link[] = []
afterEach(async () => {
  for (const link of opened.splice(0)) await link.stop()
})

/** A link to an engine whose state the test sets. */
function setUp() {
  const engine = { alive: true, slowMs: 0, probes: 0, asked: 0, told: 0 }
  const work = async () => {
    if (engine.slowMs > 0) await sleep(engine.slowMs)
    if (!engine.alive) throw new Error('gone')
    return 'answer'
  }
  const link = createLink({
    name: 'engine',
    clock: systemClock,
    chance: seededChance(1),
    log: silentLog,
    budgetMs: 20,
    probe() {
      engine.probes += 1
      return work()
    },
  })
  opened.push(link)
  const ask = () =>
    link.ask(() => {
      engine.asked += 1
      return work()
    })
  const tell = () =>
    link.tell(() => {
      engine.told += 1
      return work()
    })
  const untilUp = async (up: boolean) => {
    for (let tries = 0; link.isUp() !== up && tries < 6_000; tries += 1) await sleep(5)
    assert.equal(link.isUp(), up)
  }
  return { engine, link, ask, tell, untilUp }
}

test('nothing is asked before the first probe has got through', async () => {
  const { link, ask, untilUp, engine } = setUp()
  assert.equal(await ask(), undefined)
  assert.equal(engine.asked, 0)
  link.start()
  await untilUp(true)
  assert.equal(await ask(), 'answer')
})

test('a slow engine costs its budget a few times, then nothing, and is asked again when it is quick', async () => {
  const { link, ask, untilUp, engine } = setUp()
  link.start()
  await untilUp(true)
  engine.slowMs = 200
  const began = performance.now()
  for (let n = 0; n < 100; n += 1) assert.equal(await ask(), undefined)
  assert.ok(performance.now() - began < 10_000)
  assert.ok(engine.asked <= 3)
  engine.slowMs = 0
  await untilUp(true)
  assert.equal(await ask(), 'answer')
})

test('one failure among answers does not take the engine down', async () => {
  const { link, ask, untilUp, engine } = setUp()
  link.start()
  await untilUp(true)
  for (let n = 0; n < 10; n += 1) {
    engine.alive = n % 2 === 0
    await ask()
  }
  assert.equal(engine.asked, 10)
  assert.equal(link.isUp(), true)
})

test('what could not be told takes it down until a probe begun later has made up for it', async () => {
  const { link, tell, untilUp, engine } = setUp()
  link.start()
  await untilUp(true)
  const { probes } = engine
  engine.alive = false
  tell()
  await untilUp(false)
  engine.alive = true
  await untilUp(true)
  assert.ok(engine.probes > probes)
})

test('what cannot be told while a probe is under way spoils that probe', async () => {
  const { link, tell, engine } = setUp()
  engine.slowMs = 15
  link.start()
  const probes = engine.probes
  engine.slowMs = 0
  engine.alive = false
  // The probe that is under way would succeed, but what is told beside it fails at once.
  tell()
  engine.alive = true
  await sleep(5)
  assert.equal(engine.told, 1)
  assert.equal(link.isUp(), false)
  for (let tries = 0; !link.isUp() && tries < 6_000; tries += 1) await sleep(5)
  assert.ok(engine.probes > probes)
})
