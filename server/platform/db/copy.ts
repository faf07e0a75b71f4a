import type { Socket } from 'node:net'
import type { Tx } from './statement.ts'

export type CopyValue = string | number | boolean | null | undefined

/** Rows for one table. */
export type CopyTarget = Readonly<{
  /** Such as `staged_offers (id, sku)`; from this program alone, never from outside. */
  target: string
  rows: Iterable<readonly CopyValue[]>
}>

/** Characters of one message, so that no string grows large. */
const CHUNK_LENGTH = 256 * 1024
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/**
 * Copies rows into tables, one after the other, in the open transaction: the quickest way in for
 * many. All of it is sent at once and answered once, however many tables there are; the caller
 * bounds how much that is. Tables without rows cost nothing.
 */
export async function copyRows(tx: Tx, targets: readonly CopyTarget[]): Promise<void> {
  const filled = targets
    .map(({ target, rows }) => ({ target, messages: dataMessages(rows) }))
    .filter(({ messages }) => messages.length > 0)
  if (filled.length === 0) return
  const text = filled.map(({ target }) => `copy ${target} from stdin`).join(';')
  const data = filled.flatMap(({ messages }) => [...messages, COPY_DONE])
  await new Promise<void>((resolve, reject) => {
    // The driver takes an object that speaks the protocol where it takes a query.
    tx.query(createConversation(text, data, { resolve, reject }) as unknown as { text: string })
  })
}

type Connection = Readonly<{ query(text: string): void; stream: Socket }>

/**
 * What the driver calls while the statements run. The server reads a COPY's data in its turn, and
 * passes over what still comes when a COPY has failed: so nothing has to wait for an answer.
 */
function createConversation(
  text: string,
  data: readonly Buffer[],
  { resolve, reject }: Readonly<{ resolve(): void; reject(error: unknown): void }>,
) {
  return {
    submit(connection: Connection) {
      connection.stream.cork()
      connection.query(text)
      for (const bytes of data) connection.stream.write(bytes)
      connection.stream.uncork()
    },
    handleCopyInResponse() {},
    handleCommandComplete() {},
    handleReadyForQuery: () => resolve(),
    handleError: (error: unknown) => reject(error),
  }
}

/** Rows as messages of COPY's data. */
function dataMessages(rows: Iterable<readonly CopyValue[]>): Buffer[] {
  const messages: Buffer[] = []
  let text = ''
  for (const row of rows) {
    text += copyLine(row)
    if (text.length < CHUNK_LENGTH) continue
    messages.push(...dataMessage(text))
    text = ''
  }
  if (text !== '') messages.push(...dataMessage(text))
  return messages
}

function dataMessage(text: string): [Buffer, Buffer] {
  const bytes = Buffer.from(text)
  const header = Buffer.from([0x64, 0, 0, 0, 0])
  header.writeUInt32BE(bytes.length + 4, 1)
  return [header, bytes]
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** One row in COPY's text format. */
export function copyLine(row: readonly CopyValue[]): string {
  let line = copyCell(row[0])
  for (let place = 1; place < row.length; place += 1) line += `\t${copyCell(row[place])}`
  return `${line}\n`
}

function copyCell(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value !== 'string') return String(value)
  return /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] as string)
    : value
}
