/**
 * Goal (F10): the disk of the database fills up: what writes is refused with 503, what reads goes on, PostgreSQL may
 * stop, and with room again the shop sells by itself.
 * Method: PostgreSQL on a file system of its own in memory, filled to the last byte. Needs the right to mount.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../packages/client/src/index.ts'
import { assertRecovered, type FaultShop, openFaultShop } from '../support/fault-shop.ts'
import { startLoad } from '../support/load.ts'
import { unwrap } from '../support/shopper.ts'

const SIZE_MB = 320
const folder = mkdtempSync(join(tmpdir(), 'stoa-small-disk-'))
const isMounted = mount()
let shop: FaultShop | undefined
after(async () => {
  await shop?.close()
  if (isMounted) execFileSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
})

function mount(): boolean {
  try {
    const size = `size=${SIZE_MB}m,mode=0755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('the disk of the database full: writing is refused, reading goes on, and room mends it', {
  skip: isMounted ? false : 'this user may not mount a file system',
}, async (t) => {
  shop = await openFaultShop({
    processes: 1,
    postgres: {
      dataFolder: join(folder, 'postgres'),
      settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
    },
  })
  const load = startLoad(shop.client, shop.items)
  await sleep(1_000)
  const ballast = join(folder, 'ballast')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize))
  // Past the load balancer, which turns away from a process that is not ready.
  const { client } = shop.node(0)
  const refusal = await untilRefused(client)
  t.diagnostic(`a cart is refused with ${refusal.status} ${refusal.code}`)
  assert.deepEqual([refusal.status, refusal.code], [503, 'unavailable'])
  const id = shop.items[0]?.productId as string
  unwrap(await client.getProduct({ params: { id } }))
  unwrap(await client.search({ query: { q: '' } }))
  rmSync(ballast)
  await shop.postgres.restart()
  await assertRecovered(shop, await load.stop())
})

/** Writes until there is no room for it. */
async function untilRefused(client: Client) {
  for (let tries = 0; tries < 20_000; tries += 1) {
    const answer = await client.createCart({ body: { currency: 'USD', country: 'US' } })
    // Whose first try was refused and could not even be taken back is told that it is under way.
    if (!answer.ok && answer.problem.code !== 'idempotency_in_progress') return answer.problem
  }
  throw new Error('the disk does not fill')
}
