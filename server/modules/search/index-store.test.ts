import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { systemClock as clock } from '../../platform/clock.ts'
import { silentLog as log } from '../../platform/log.ts'
import { describeIndexStore } from './index-store.suite.ts'
import { createThreadStore } from './index-store.ts'

const folders: string[] = []

describeIndexStore('embedded', {
  async freshPlace() {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-index-'))
    folders.push(folder)
    return { open: async () => createThreadStore({ folder, clock, log }) }
  },
  runs: 5,
})

after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})
