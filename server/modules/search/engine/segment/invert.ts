/**
 * Turns a column of one small number per document around: the documents of number `n`, in order, are
 * `documents[start[n]]` to `documents[start[n + 1]]`.
 */
export function invertColumn(
  column: Uint32Array,
  size: number,
): Readonly<{ start: Uint32Array; documents: Uint32Array }> {
  const start = new Uint32Array(size + 1)
  for (let document = 0; document < column.length; document++) {
    start[column[document]! + 1]!++
  }
  for (let i = 1; i <= size; i++) {
    start[i]! += start[i - 1]!
  }
  const next = start.slice()
  const documents = new Uint32Array(column.length)
  for (let document = 0; document < column.length; document++) {
    documents[next[column[document]!]!++] = document
  }
  return { start, documents }
}
