import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mediaUrl } from '../../../../contracts/media/addresses.ts'
import type { Visit } from '../../lib/shop.ts'
import { picture } from './picture.ts'

const visit = (externalImages = false) => ({ shop: { externalImages } }) as Visit
const KEY = 'ab'.repeat(32)
const own = { name: 'Lamp', brand: 'Lumen', image: mediaUrl(KEY, 320), categorySlug: 'lamps' }

test('a picture of the shop comes in three formats, in widths up to its own, with its measures', () => {
  const text = String(
    picture(visit(), { ...own, alt: 'A "lamp"', width: 700, height: 500 }, 'large'),
  )
  assert.match(
    text,
    /<source type="image\/avif" srcset="[^"]*\/320\.avif 320w, [^"]*\/960\.avif 960w"/,
  )
  assert.doesNotMatch(text, /1280/)
  assert.match(
    text,
    /<img src="\/media\/(ab){32}\/960\.jpg" alt="A &quot;lamp&quot;" width="700" height="500" fetchpriority="high">/,
  )
})

test('in lists it is small, says nothing twice, and all but the first wait until they are in sight', () => {
  const text = String(picture(visit(), own))
  assert.match(text, /160\.webp 160w, .* 640w"/)
  assert.match(text, /alt="" width="640" height="640" loading="lazy" decoding="async"/)
  assert.match(String(picture(visit(), own, 'tile', true)), /fetchpriority="high"/)
})

test('without a picture of the shop there is the drawing alone, unless others\u2019 addresses are asked for', () => {
  const foreign = { ...own, image: 'https://images.example/1.jpg' }
  assert.doesNotMatch(String(picture(visit(), foreign)), /<img|<picture/)
  assert.doesNotMatch(String(picture(visit(), { ...own, image: undefined })), /<img|<picture/)
  assert.match(
    String(picture(visit(true), foreign)),
    /<img src="https:\/\/images\.example\/1\.jpg"/,
  )
  const evil = { ...own, image: 'javascript:alert(1)' }
  assert.doesNotMatch(String(picture(visit(true), evil)), /javascript/)
})
