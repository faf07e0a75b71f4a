/** Goal: what the README tells a newcomer to type is true. Method: its curl journey runs as it is written. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'

const { home, remove } = temporaryHome()
const data = await smallDataFolder(200)
after(async () => {
  await killShops()
  data.remove()
  remove()
})

test('the README buys something by curl', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const script = /## Buy something by curl\n\n```sh\n([\s\S]*?)```/.exec(readme)?.[1]
  assert.ok(script)
  const shop = await startShopProcess({ home, dataFolder: data.folder })
  const journey = script.replace('http://localhost:3000', shop.url).replace('wireless+mouse', '')
  const { stdout, stderr, status } = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', journey], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  const [items, number, state] = stdout.trim().split('\n')
  assert.equal(items, '2')
  assert.match(number ?? '', /^[0-9A-Z]{4}-/)
  assert.equal(state, 'confirmed')
})
