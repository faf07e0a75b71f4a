/** Tells how far a long work is. `done` of `total`; the total may be 0 while it is not known. */
export type Progress = (label: string, done: number, total: number) => void

const WIDTH = 24
const EVERY_MS = 100

/** A bar that redraws itself on a terminal, and a line now and then where there is none. */
export function progressBar(out: NodeJS.WriteStream): Progress {
  let drawn = 0
  let lastLabel = ''
  let complete = ''
  let written = ''
  return (label, done, total) => {
    const finished = total > 0 && done >= total
    if (complete === label) return
    if (finished) complete = label
    const now = performance.now()
    if (!finished && label === lastLabel && now - drawn < (out.isTTY ? EVERY_MS : 5_000)) return
    drawn = now
    lastLabel = label
    const share = total > 0 ? Math.min(1, done / total) : 0
    const count =
      total > 0
        ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
        : done.toLocaleString('en')
    if (!out.isTTY) {
      const line = `  ${label}: ${count}\n`
      if (line !== written) out.write(line)
      written = line
      return
    }
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
    out.write(`\r\x1b[2K  ${label.padEnd(28)} ${bar} ${count}${finished ? '\n' : ''}`)
  }
}
