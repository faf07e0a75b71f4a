/** A pattern over several lines: line breaks and the blanks that indent are no part of it. */
export function words(strings: TemplateStringsArray): RegExp {
  return new RegExp((strings.raw[0] ?? '').replace(/\n\s*/g, ''))
}
