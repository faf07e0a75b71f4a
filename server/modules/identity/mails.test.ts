import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Language } from '#contracts/kit/language.ts'
import { LETTER_NAMES } from './letters/letter.ts'
import { writeMail } from './mails.ts'

const LINK = 'https://shop.test/reset?token=a&b=1'
const input = { to: 'ada@example.com', name: 'Ada', link: LINK }

test('every letter has its words in every language, as text and as HTML, with its link', () => {
  const subjects = new Set<string>()
  for (const language of Language.options) {
    for (const letter of LETTER_NAMES) {
      const { subject, text, html = '' } = writeMail(letter, { ...input, language })
      subjects.add(subject)
      assert.ok(
        text.includes(`\n\n${LINK}\n\n`) || text.includes(`\n\n${LINK}\n`),
        `${letter} ${language}`,
      )
      assert.doesNotMatch(text + html, /[{}]name|undefined/)
      assert.match(html, /href="https:\/\/shop\.test\/reset\?token=a&amp;b=1"/)
      assert.match(
        html,
        new RegExp(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`),
      )
    }
  }
  assert.equal(subjects.size, LETTER_NAMES.length * Language.options.length)
})

test('a name is text, on one line, and leads nowhere', () => {
  const name = 'Eve\n\nhttps://evil.test <b>$& {link}'
  const { text, html = '' } = writeMail('prove', { ...input, name, language: 'en' })
  assert.equal(text.split('\n')[0], 'Hello Eve evil.test <b>$& {link},')
  assert.ok(html.includes('&lt;b&gt;'))
  assert.equal(html.match(/href=/g)?.length, 1)
})
