/** Text that begins as a JSON object does. */
const OBJECT = /^\{"(?:[^"\\]|\\.)*":/s
const ELEMENT = /"((?:[^"\\]|\\.)*)"|([^,]+)/gs

/** A statement's parameter as its twin takes it: PostgreSQL's text of an array as an array. */
export function readParameter(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{') || OBJECT.test(value)) return value
  return Array.from(value.slice(1, -1).matchAll(ELEMENT), ([, quoted, plain]) =>
    quoted === undefined ? readPlain(plain as string) : quoted.replace(/\\(.)/gs, '$1'),
  )
}

function readPlain(text: string): unknown {
  if (text === 'NULL') return null
  return text === 'true' || text === 'false' ? text === 'true' : Number(text)
}
