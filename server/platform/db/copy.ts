import type { Socket } from 'node:net'
import { type CopyCells, createCopyWriter } from './copy-writer.ts'
import type { Tx } from './statement.ts'

export type { CopyCells } from './copy-writer.ts'

/** Rows for one table. */
export type CopyTarget = Readonly<{
  /** Such as `staged_offers (id, sku)`; from this program alone, never from outside. */
  target: string
  /** Writes all of its rows; called once. */
  write(to: CopyCells): void
}>

/**
 * Copies rows into tables, one after the other, in the open transaction: the quickest way in for
 * many. All of it is sent at once and answered once, however many tables there are; the caller
 * bounds how much that is. Tables without rows cost nothing.
 */
export async function copyRows(tx: Tx, targets: readonly CopyTarget[]): Promise<void> {
  const writer = createCopyWriter()
  const filled = targets.filter(({ write }) => writer.table(write))
  if (filled.length === 0) return
  const text = filled.map(({ target }) => `copy ${target} from stdin`).join(';')
  const data = writer.close()
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
