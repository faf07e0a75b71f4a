/**
 * `stoa start` that takes faults from the process that started it: a clock that is wrong, and a named point of an
 * order's path at which it kills itself, as `kill -9` would, or stops until PostgreSQL has been killed.
 */
import { startShop } from '../../server/cli/start.ts'
import { readConfig } from '../../server/config.ts'
import { type Clock, systemClock } from '../../server/platform/clock.ts'
import { createLog } from '../../server/platform/log.ts'
import type { Fault } from './faults.ts'

let dieAt: string | undefined
let holdAt: string | undefined
let offsetMs = 0
let goOn = () => {}

// Whoever started it is gone: nobody else would end it.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (fault: Fault) => {
  if ('dieAt' in fault) dieAt = fault.dieAt
  else if ('holdAt' in fault) holdAt = fault.holdAt
  else if ('clockOffsetMs' in fault) offsetMs = fault.clockOffsetMs
  else goOn()
})

const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + offsetMs) }

async function failpoint(name: string): Promise<void> {
  if (name === dieAt) process.kill(process.pid, 'SIGKILL')
  if (name !== holdAt) return
  holdAt = undefined
  const told = new Promise<void>((resolve) => {
    goOn = resolve
  })
  process.send?.({ heldAt: name })
  await told
}

const config = readConfig(process.env)
const running = await startShop(config, createLog(config.LOG_LEVEL), { clock, failpoint })
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)))
