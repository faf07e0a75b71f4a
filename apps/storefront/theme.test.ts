import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { loadTheme } from './index.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

const HARBOUR = join(import.meta.dirname, 'themes/harbour')

describe('a shop under a theme', () => {
  let shop: TestShop
  before(async () => {
    shop = await startTestShop({ theme: await loadTheme(HARBOUR), styleguide: true })
  })
  after(() => shop.close())

  test('has its colours on the first page and on the later ones, after those of the shop', async () => {
    const browser = shop.browser()
    const first = (await browser.get('/')).body
    assert.match(first, /@layer theme\s*\{:root\{--page: ?#f7f9fa/)
    const sheet = /rel="stylesheet" href="([^"]+)"/.exec((await browser.get('/')).body)?.[1] ?? ''
    const styles = (await browser.get(sheet)).body
    assert.ok(styles.indexOf('#f7f9fa') > styles.indexOf('#fbfaf7'))
    assert.match(styles, /@layer tokens,base,parts,pages,theme/)
  })

  test('has its words, and the shop’s where it has none', async () => {
    const english = (await shop.browser().get('/')).body
    assert.match(english, /<title>Harbour/)
    assert.match(english, /Come aboard/)
    assert.match(english, /All departments/)
    const german = (await shop.browser().get('/', { 'accept-language': 'de' })).body
    assert.match(german, /<title>Stoa/)
    assert.equal(
      JSON.parse((await shop.browser().get('/manifest.webmanifest')).body).name,
      'Harbour',
    )
  })

  test('has its parts in their places, and its pages', async () => {
    const { body } = await shop.browser().get('/')
    assert.match(body, /M15 3h2v16h9c-2 6-6 9-10 9/)
    const tides = await shop.browser().get('/tides')
    assert.equal(tides.status, 200)
    assert.match(tides.body, /High water is at noon/)
    assert.match(String(tides.headers['content-security-policy']), /default-src 'none'/)
  })

  test('shows every component to whoever designs', async () => {
    const { status, body } = await shop.browser().get('/styleguide')
    assert.equal(status, 200)
    assert.doesNotMatch(body, /undefined|\[object/)
    assert.match(body, /name="robots" content="noindex"/)
  })
})

test('no page of components but in a demo', async () => {
  const shop = await startTestShop()
  assert.equal((await shop.browser().get('/styleguide')).status, 404)
  await shop.close()
})

test('a theme that cannot be used says which file is wrong', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'theme-'))
  mkdirSync(join(folder, 'messages'))
  const en = join(folder, 'messages/en.json')
  for (const wrong of [
    { nothingLikeIt: 'x' },
    { cartWith: 'x' },
    { account: 'x' },
    { shopName: { a: 'b' } },
  ]) {
    writeFileSync(en, JSON.stringify(wrong))
    await assert.rejects(loadTheme(folder), /en\.json: the shop has no words/)
  }
  rmSync(en)
  writeFileSync(join(folder, 'messages/xx.json'), '{}')
  await assert.rejects(loadTheme(folder), /xx\.json is of no language/)
  await assert.rejects(loadTheme(join(folder, 'nowhere')), /There is no theme/)
  rmSync(folder, { recursive: true })
})
