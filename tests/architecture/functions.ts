import type { SourceFile } from './boundaries.ts'

export type FunctionLength = Readonly<{ path: string; name: string; line: number; lines: number }>

/** How a named function begins: declared, held by a constant, or as a method. */
const BEGINNINGS = [
  /^ *(?:export )?(?:async )?function\*? ?(\w+)/,
  /^ *(?:export )?const (\w+)\b[^=]*= (?:async )?(?:function\b|<|\(|\w+ =>)/,
  /^ *(?:async )?(?!(?:if|for|while|switch|catch|return|await|super)\b)(\w+)\(/,
]

/**
 * Own length of each named function: its lines, first to last, without those of the named functions
 * inside it, which are counted for themselves. So a factory is as long as what it does, not as all
 * that it makes. The formatter's indentation tells where each ends: no braces in strings mislead.
 */
export function functionLengths({ path, text }: SourceFile): FunctionLength[] {
  const lines = text.split('\n')
  const found: FunctionLength[] = []
  measure(0, lines.length)
  return found

  /** Counts the functions between two lines. @returns how many lines they take. */
  function measure(from: number, to: number): number {
    let taken = 0
    for (let at = from; at < to; at += 1) {
      const name = nameOf(lines[at] as string)
      const end = name === undefined ? undefined : endOf(lines, at)
      if (name === undefined || end === undefined) continue
      const all = end - at + 1
      const place = found.push({ path, name, line: at + 1, lines: all }) - 1
      const inner = measure(at + 1, end)
      found[place] = { path, name, line: at + 1, lines: all - inner }
      taken += all
      at = end
    }
    return taken
  }
}

function nameOf(line: string): string | undefined {
  return BEGINNINGS.map((form) => form.exec(line)?.[1]).find((name) => name !== undefined)
}

/** The last line of a function of several lines, found by the brace under its beginning. */
function endOf(lines: readonly string[], begin: number): number | undefined {
  const indent = /^ */.exec(lines[begin] as string)?.[0] ?? ''
  const head = atIndent(lines, begin, indent)
  return head === undefined ? undefined : nextAtIndent(lines, head + 1, indent)
}

/** The line on which the body opens; its parameters may stand on lines of their own. */
function atIndent(lines: readonly string[], begin: number, indent: string): number | undefined {
  const line = lines[begin] as string
  if (/(?:\{|=> \(\{|=> \[)$/.test(line)) return begin
  if (!line.endsWith('(')) return undefined
  const head = nextAtIndent(lines, begin + 1, indent)
  return head !== undefined && /^ *\).*(?:\{|=> \[)$/.test(lines[head] as string) ? head : undefined
}

function nextAtIndent(lines: readonly string[], from: number, indent: string): number | undefined {
  const end = lines.findIndex(
    (line, at) =>
      at >= from && line.startsWith(indent) && /^[)}\]]/.test(line.slice(indent.length)),
  )
  return end < 0 ? undefined : end
}
