import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/** One measured value. A ratio says what it is to; absolute figures are of this machine alone. */
export type Figure = Readonly<{
  name: string
  value: number
  unit: string
  /** What the ratio is to, measured in the same run: `bare node:http, same bytes`. */
  ratioTo?: string
  ratio?: number
  /** Smallest and largest of the runs that the value is the median of. */
  spread?: readonly [number, number]
  note?: string
}>

/** Prints the figures as a table and writes bench/results/NAME.json with machine and commit. */
export function report(name: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.name,
    `${round(figure.value)} ${figure.unit}`,
    figure.ratio === undefined ? '' : `${round(figure.ratio)} × ${figure.ratioTo ?? ''}`,
    figure.spread ? `${round(figure.spread[0])}–${round(figure.spread[1])}` : '',
    figure.note ?? '',
  ])
  const header = ['figure', 'value', 'ratio', 'spread', 'note']
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] as string).length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`
  const out = [
    line(header),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(line),
  ]
  process.stdout.write(
    `\n${name} (${machine().cpu}, ${machine().cores} cores, commit ${commit()})\n\n${out.join('\n')}\n`,
  )
  const folder = join(import.meta.dirname, '../results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ name, commit: commit(), machine: machine(), figures }, null, 2)}\n`,
  )
  process.stdout.write(`\nWritten to bench/results/${name}.json\n`)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** @param share 0.99 for p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function round(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)))
}

function machine() {
  const [load] = loadavg()
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAverage: Number((load ?? 0).toFixed(2)),
  }
}

function commit(): string {
  try {
    const hash = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
    const changed =
      execFileSync('git', ['status', '--porcelain', '-uno'], { encoding: 'utf8' }).trim() !== ''
    return changed ? `${hash}+changes` : hash
  } catch {
    return 'unknown'
  }
}
