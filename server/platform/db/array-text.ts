/**
 * An array of plain values as PostgreSQL reads it, for the parameters of a statement: one pass, and
 * numbers without quotes, where the driver escapes each element by two regular expressions.
 * @returns undefined for what the driver knows better: nested arrays, bytes, dates, objects.
 */
export function arrayText(values: readonly unknown[]): string | undefined {
  let text = '{'
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place]
    if (place > 0) text += ','
    if (value === null || value === undefined) text += 'NULL'
    else if (typeof value === 'string') text += quoted(value)
    else if (typeof value === 'number' || typeof value === 'boolean') text += value
    else return undefined
  }
  return `${text}}`
}

/**
 * Values as JSON, one a line, for a parameter that `unnest(string_to_array($1, E'\n'))::jsonb` takes apart.
 * No JSON holds a line's end, so nothing is escaped, where an array escapes each of its quotes.
 */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join('\n')
}

function quoted(value: string): string {
  if (!value.includes('"') && !value.includes('\\')) return `"${value}"`
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
