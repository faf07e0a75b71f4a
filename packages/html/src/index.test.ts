import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attrs, html, jsonScript, raw, safeUrl } from './index.ts'

const hostile = `"><script>alert('x')</script>&`

test('values are escaped in text and in attributes', () => {
  const text = html`<p title="${hostile}">${hostile}</p>`.text
  assert.ok(!text.includes('<script'))
  assert.equal(text.match(/&quot;&gt;&lt;script&gt;/g)?.length, 2)
})

test('Html goes in as it is; lists are joined; nothing is nothing', () => {
  assert.equal(
    html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}${false}${null}${0}</ul>`.text,
    '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
  )
  assert.equal(html`${raw('<hr>')}`.text, '<hr>')
})

test('a hole where a browser would run it is refused', () => {
  const x = 'x'
  assert.throws(() => html`<a onclick="${x}">`, TypeError)
  assert.throws(() => html`<a href=${x}>`, TypeError)
  assert.throws(() => html`<div ${x}>`, TypeError)
  assert.throws(() => html`<script>let a = ${x}</script>`, TypeError)
  assert.throws(() => html`<style>${x}</style>`, TypeError)
  assert.doesNotThrow(
    () =>
      html`<script type="application/json">${jsonScript({ a: '</script>' })}</script><p>${x}</p>`,
  )
})

test('attributes that may be absent are put in by attrs, after a tag name', () => {
  assert.equal(
    attrs({ checked: true, hidden: false, 'data-id': '"' }).text,
    ' checked data-id="&quot;"',
  )
  assert.equal(html`<input${attrs({ value: '"' })}>`.text, '<input value="&quot;">')
  assert.throws(() => html`<input${raw(' onclick=x')}>`, TypeError)
  assert.throws(() => attrs({ onclick: 'x' }), TypeError)
})

test('json in a page cannot end its element, and links lead to the web or the shop', () => {
  assert.ok(!jsonScript('</script>').text.includes('</'))
  assert.equal(safeUrl('javascript:alert(1)'), '#')
  assert.equal(safeUrl('//evil.example'), '#')
  assert.equal(safeUrl('/cart'), '/cart')
  assert.equal(safeUrl('https://images.example/a.jpg'), 'https://images.example/a.jpg')
})
