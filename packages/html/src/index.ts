/** A piece of HTML that is safe to send: what was put into it has been escaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

/** Attributes made by `attrs`: the only thing that may fill a hole inside a tag. */
class Attributes extends Html {
  readonly kind = 'attributes'
}

/** What may stand in a template. `false`, `null` and `undefined` give nothing. */
export type Value = Html | string | number | false | null | undefined | readonly Value[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const SPECIAL = /[&<>"']/

export function escapeHtml(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] as string)
}

/** Templates whose holes have been looked at, and which of those stand inside a tag. */
const checked = new WeakMap<TemplateStringsArray, ReadonlySet<number>>()

/**
 * A template: html`<a href="${url}">${name}</a>`. Every value is escaped unless it is Html itself.
 * The first time a template is used its holes are looked at: they must stand in text or in a
 * quoted attribute, and not where a browser would run them.
 * @throws TypeError for a hole in a tag, an unquoted attribute, a script, a style or an `on…` attribute.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let inTags = checked.get(strings)
  if (inTags === undefined) {
    inTags = checkHoles(strings)
    checked.set(strings, inTags)
  }
  for (const place of inTags) {
    if (!(values[place] instanceof Attributes))
      refuse('inside a tag, which only attrs() may fill', strings[place] as string)
  }
  let text = strings[0] as string
  for (let place = 0; place < values.length; place += 1) {
    text += render(values[place]) + strings[place + 1]
  }
  return new Html(text)
}

function render(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value)
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'number') return String(value)
  let text = ''
  for (const item of value) text += render(item)
  return text
}

/** Trusted HTML: only for text that this program made itself. */
export function raw(text: string): Html {
  return new Html(text)
}

/** An address that a link may have: a path, or http(s). Anything else (`javascript:`) becomes `#`. */
export function safeUrl(url: string): string {
  return /^(https?:\/\/|\/(?!\/)|#|\?)/i.test(url) ? url : '#'
}

/** JSON for a `<script type="application/json">` element: it cannot end the element. */
export function jsonScript(value: unknown): Html {
  return new Html(JSON.stringify(value).replace(/</g, '\\u003c'))
}

type Place = 'text' | 'tag' | 'attribute'

/** @returns the holes inside tags, by number. */
function checkHoles(strings: TemplateStringsArray): ReadonlySet<number> {
  const inTags = new Set<number>()
  let place: Place = 'text'
  let quote = ''
  let tag = ''
  let attribute = ''
  let rawElement = ''
  strings.forEach((part, number) => {
    for (let at = 0; at < part.length; at += 1) {
      const letter = part[at] as string
      if (place === 'text') {
        if (letter !== '<' || !/[a-zA-Z/]/.test(part[at + 1] ?? '')) continue
        tag = /^<\/?([a-zA-Z0-9-]*)/.exec(part.slice(at))?.[1]?.toLowerCase() ?? ''
        const closing = part[at + 1] === '/'
        if (rawElement && !(closing && tag === rawElement)) continue
        if (closing) rawElement = ''
        else if (tag === 'script' || tag === 'style') rawElement = tag
        place = 'tag'
      } else if (place === 'tag') {
        if (letter === '>') place = 'text'
        else if (letter === '"' || letter === "'") {
          attribute = /([^\s"'<>/=]+)\s*=\s*$/.exec(part.slice(0, at))?.[1]?.toLowerCase() ?? ''
          quote = letter
          place = 'attribute'
        }
      } else if (letter === quote) place = 'tag'
    }
    if (number === strings.length - 1) return
    if (place === 'tag') {
      if (/[=\s]$/.test(part) || /<\/?$/.test(part))
        refuse('in an unquoted attribute or a tag name', part)
      inTags.add(number)
    }
    if (place === 'attribute' && attribute.startsWith('on'))
      refuse(`in the attribute ${attribute}`, part)
    if (
      place === 'text' &&
      rawElement === 'script' &&
      !/type="application\/(ld\+)?json"[^>]*>$/.test(part)
    ) {
      refuse('in a script', part)
    }
    if (place === 'text' && rawElement === 'style') refuse('in a style', part)
  })
  return inTags
}

function refuse(where: string, part: string): never {
  throw new TypeError(`A template has a hole ${where}, after: ${part.slice(-60)}`)
}

/** Attributes that may be absent: attrs({ checked: true, 'data-id': 7, hidden: false }). */
export function attrs(
  values: Readonly<Record<string, string | number | boolean | null | undefined>>,
): Html {
  let text = ''
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name.startsWith('on'))
      throw new TypeError(`${name} is not an attribute`)
    if (value === true) text += ` ${name}`
    else if (value !== false && value !== null && value !== undefined)
      text += ` ${name}="${escapeHtml(String(value))}"`
  }
  return new Attributes(text)
}
