// A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection), unless an
// apostrophe stands before it. The same apostrophe keeps white space at a cell's ends.
const NEEDS_MARK = /^'*[=+\-@\s]|\s$/

/** A text as a cell: neutral to spreadsheets, quoted where RFC 4180 asks for it. */
export function writeCell(text: string): string {
  const cell = NEEDS_MARK.test(text) ? `'${text}` : text
  return /[",;\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** What `writeCell` wrote; of a cell that anybody else wrote, its text without white space around. */
export function readCell(cell: string): string {
  return cell.startsWith("'") && (/^'+[=+\-@\s]/.test(cell) || /\s$/.test(cell))
    ? cell.slice(1)
    : cell.trim()
}

/** Whether a spreadsheet would run the cell; numbers may have a sign. */
export function isFormula(cell: string): boolean {
  return /^(?:[=@\t\r]|[+-][^\d\s.,-])/.test(cell)
}

/** Texts as one cell: divided by `|`, or a JSON array where that would be read otherwise. */
export function writeList(texts: readonly string[]): string {
  const plain = texts.every((text) => text !== '' && !text.includes('|') && text === text.trim())
  return plain && !texts[0]?.startsWith('[') ? texts.join('|') : JSON.stringify(texts)
}

/** @throws SyntaxError if it begins like JSON and is none. */
export function readList(cell: string): unknown[] {
  if (!cell.startsWith('[')) return cell.split('|').map((text) => text.trim())
  return JSON.parse(cell) as unknown[]
}
