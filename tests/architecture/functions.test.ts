import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SourceFile, sourceFiles } from './boundaries.ts'
import { functionLengths } from './functions.ts'

const MAX_FUNCTION_LINES = 70

/** Those that stood when the rule came. The list only shrinks. */
const LONGER: readonly string[] = ['makeOrder', 'search', 'cartRoutes', 'orderRoutes']

const files = sourceFiles().filter(
  ({ path }) => !/\/generated\/|\.(test|suite)\.ts$|^tests\//.test(path),
)

function offenders(all: readonly SourceFile[]): string[] {
  return all
    .flatMap(functionLengths)
    .filter(({ lines, name }) => lines > MAX_FUNCTION_LINES && !LONGER.includes(name))
    .map(({ path, line, name, lines }) => `${path}:${line}: ${name} has ${lines} lines`)
}

test(`no function is longer than ${MAX_FUNCTION_LINES} lines`, () => {
  assert.ok(files.flatMap(functionLengths).length > 300)
  assert.deepEqual(offenders(files), [])
})

const body = (lines: number) => Array.from({ length: lines }, (_, n) => `  work(${n})`).join('\n')

const FORMS: readonly (readonly [name: string, begin: string, end: string])[] = [
  ['a function', 'function plant() {', '}'],
  [
    'an exported one with its parameters on lines',
    'export async function plant(\n  a: number,\n): Promise<void> {',
    '}',
  ],
  ['a generator', 'function* plant() {', '}'],
  ['one held by a name', 'export const plant = async (a: number) => {', '}'],
  ['one with a type', 'const plant: Handler<A> = (a) => {', '}'],
  ['one with a template in it', 'function plant() {\n  const page = `\n  }\n${x ? `{` : 1}`', '}'],
]

for (const [what, begin, end] of FORMS) {
  test(`the rule measures ${what}`, () => {
    const short = 'const a = 1\n\nconst b = (c: number) => c\n\ncall(\n  a,\n)\n'
    const text = (lines: number) => `${short}${begin}\n${body(lines)}\n${end}\n\n${short}`
    const length = begin.split('\n').length + 61
    const measured = functionLengths({ path: 'x.ts', text: text(60) })
    assert.deepEqual(
      measured.map(({ name, lines }) => [name, lines]),
      [['plant', length]],
    )
    assert.equal(offenders([{ path: 'x.ts', text: text(71) }]).length, 1)
  })
}

test('the rule counts a factory for itself, and each function that it makes', () => {
  const inner = (begin: string) => `  ${begin}\n${body(20).replaceAll(/^/gm, '  ')}\n  }`
  const text = [
    'export function createPlant({ a }: Deps): Plant {',
    '  let count = 0',
    inner('async function grow(): Promise<void> {'),
    inner('const water = (litres: number) => {'),
    '  return {',
    inner('async prune(\n    a: number,\n  ): Promise<void> {').replaceAll(/^/gm, '  '),
    '    cut() {',
    '      if (count > 0) {',
    '        count -= 1',
    '      }',
    '    },',
    '  }',
    '}',
  ].join('\n')
  assert.deepEqual(
    functionLengths({ path: 'x.ts', text }).map(({ name, lines }) => `${name} ${lines}`),
    ['createPlant 5', 'grow 22', 'water 22', 'prune 24', 'cut 5'],
  )
})
