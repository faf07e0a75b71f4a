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

function quoted(value: string): string {
  if (!value.includes('"') && !value.includes('\\')) return `"${value}"`
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
