import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { bombPng, drawPicture, pngChunk } from '../../../tests/support/pictures.ts'
import { inspect } from './inspect.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const
const files = new Map(
  await Promise.all(
    FORMATS.map(
      async (format) => [format, await drawPicture().toFormat(format).toBuffer()] as const,
    ),
  ),
)
const picture = (format: (typeof FORMATS)[number]) => files.get(format) as Buffer
const code = (expected: string) => (error: unknown) =>
  (error as { code?: string }).code === expected

for (const format of FORMATS) {
  test(`a ${format} is known by its bytes`, () => {
    assert.equal(inspect(picture(format)), format)
  })

  test(`a ${format} that is cut anywhere is no whole picture`, () => {
    const whole = picture(format)
    for (let cut = 13; cut < whole.length; cut += Math.ceil(whole.length / 97)) {
      assert.throws(
        () => inspect(whole.subarray(0, cut)),
        (error: unknown) =>
          /^media\.(damaged|unsupported_format)$/.test((error as { code: string }).code),
      )
    }
  })

  test(`a ${format} with an archive or a page behind it is refused`, () => {
    for (const tail of ['PK\x03\x04evil', '<html><script>alert(1)</script>']) {
      const both = Buffer.concat([picture(format), Buffer.from(tail)])
      assert.throws(
        () => inspect(both),
        (error: unknown) =>
          /^media\.(trailing_data|damaged)$/.test((error as { code: string }).code),
      )
    }
  })
}

test('a progressive JPEG and one with a preview behind it are pictures', async () => {
  assert.equal(inspect(await drawPicture().jpeg({ progressive: true }).toBuffer()), 'jpeg')
  assert.equal(inspect(Buffer.concat([picture('jpeg'), picture('jpeg')])), 'jpeg')
  assert.equal(inspect(Buffer.concat([picture('png'), Buffer.from('\n\0')])), 'png')
})

test('what is no picture is refused by its name', () => {
  const named: [string, RegExp][] = [
    ['<svg xmlns="http://www.w3.org/2000/svg"></svg>', /SVG/],
    ['<?xml version="1.0"?>\n<svg></svg>', /SVG/],
    ['\ufeff <!DOCTYPE html><html></html>', /HTML/],
    ['<script>alert(1)</script>', /HTML/],
    ['%PDF-1.7', /PDF/],
    ['PK\x03\x04', /ZIP/],
    ['hello', /no picture/],
    ['\0\0\0\x18ftypheic', /HEIC/],
  ]
  for (const [text, words] of named) {
    assert.throws(
      () => inspect(Buffer.from(text, text.startsWith('\ufeff') ? 'utf8' : 'latin1')),
      (error: unknown) => code('media.unsupported_format')(error) && words.test(String(error)),
    )
  }
  assert.throws(() => inspect(Buffer.alloc(0)), code('media.empty'))
})

test('a page that begins like a GIF is no GIF', () => {
  assert.throws(() => inspect(Buffer.from('GIF89a/*<script>*/=1;alert(1)')), code('media.damaged'))
})

test('moving pictures are refused', async () => {
  const frames = [picture('png'), await drawPicture().negate({ alpha: false }).png().toBuffer()]
  const film = sharp(frames, { join: { animated: true } })
  for (const bytes of [await film.clone().gif().toBuffer(), await film.clone().webp().toBuffer()])
    assert.throws(() => inspect(bytes), code('media.animated'))
  const still = bombPng(4)
  const animated = Buffer.concat([
    still.subarray(0, 33),
    pngChunk('acTL', Buffer.alloc(8)),
    still.subarray(33),
  ])
  assert.throws(() => inspect(animated), code('media.animated'))
})

test('bytes of any kind are a picture or refused, and never make it stumble', () => {
  const starts = [
    'ffd8ff',
    '89504e470d0a1a0a',
    '474946383961',
    '5249464600000000574542505650385810',
    '0000001c6674797061766966',
  ]
  for (const start of starts) {
    for (let length = 0; length < 60; length += 1) {
      const bytes = Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(length, length * 37)])
      try {
        inspect(bytes)
      } catch (error) {
        assert.match((error as { code: string }).code, /^media\./)
      }
    }
  }
})
