import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CopyCells, type CopyValue, createCopyWriter } from './copy-writer.ts'

/** Takes messages apart as a server does. @returns each table's text. */
function read(messages: readonly Buffer[]): string[] {
  const bytes = Buffer.concat(messages)
  const tables: string[] = []
  let held: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
    const body = bytes.subarray(at + 5, at + 1 + bytes.readUInt32BE(at + 1))
    if (bytes[at] === 0x64) held.push(body)
    else {
      assert.equal(bytes[at], 0x63)
      tables.push(Buffer.concat(held).toString())
      held = []
    }
  }
  assert.deepEqual(held, [])
  return tables
}

const writeRows = (rows: readonly (readonly CopyValue[])[]) => (to: CopyCells) => {
  for (const row of rows) {
    for (const value of row) to.cell(value)
    to.endRow()
  }
}

function cell(text: string): CopyValue {
  if (text === '\\N') return null
  const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }
  return text.replace(/\\(.)/g, (_, letter: string) => letters[letter] as string)
}

const values = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('a', '\\', '\t', '\n', '\r', 'ü', '漢', '\v', '\f') }),
)

test('what is read back is what was written, whatever letters it has', () => {
  const rows = fc.array(fc.array(values, { minLength: 3, maxLength: 3 }), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 4 }), (tables) => {
      const writer = createCopyWriter()
      const filled = tables.filter((table) => writer.table(writeRows(table)))
      assert.deepEqual(
        filled,
        tables.filter((table) => table.length > 0),
      )
      const back = read(writer.close()).map((text) =>
        text
          .split('\n')
          .slice(0, -1)
          .map((line) => line.split('\t').map(cell)),
      )
      assert.deepEqual(back, filled)
    }),
  )
})

test('numbers and truth values are written as PostgreSQL reads them', () => {
  const writer = createCopyWriter()
  writer.table(writeRows([[1, -2.5, 9_007_199_254_740_991, true, false, undefined]]))
  assert.deepEqual(read(writer.close()), ['1\t-2.5\t9007199254740991\tt\tf\t\\N\n'])
})

test('whole numbers of any size are written as the language writes them, words as they are', () => {
  const numbers = fc.oneof(fc.maxSafeInteger(), fc.nat(), fc.double({ noNaN: true }), fc.nat(99))
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1 }), (row) => {
      const writer = createCopyWriter()
      writer.table((to) => {
        for (const value of row) to.cell(value)
        to.word('off_01h')
        to.endRow()
      })
      assert.deepEqual(read(writer.close()), [`${row.map(String).join('\t')}\toff_01h\n`])
    }),
  )
})

test('rows larger than a message, and tables that fill one to the last byte', () => {
  for (let length = 131_040; length < 131_080; length += 1) {
    const writer = createCopyWriter()
    const long = 'ü'.repeat(200_000)
    const texts = ['x'.repeat(length), long, 'end']
    for (const text of texts) writer.table(writeRows([[text]]))
    assert.deepEqual(
      read(writer.close()),
      texts.map((text) => `${text}\n`),
    )
  }
})
