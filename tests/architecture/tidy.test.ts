import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SourceFile, sourceFiles } from './boundaries.ts'

/** House rules as data: what may not stand in which files, and what to write instead. */
const BANNED: readonly Readonly<{
  pattern: RegExp
  where: RegExp
  but?: RegExp
  instead: string
  sample: string
}>[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    where: /^server\//,
    but: /platform\/clock\.ts|platform\/embedded-postgres\/|server\/cli\//,
    instead: 'clock.now()',
    sample: 'const at = Date.now()',
  },
  {
    pattern: /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/,
    where: /^server\//,
    but: /platform\/chance\.ts|platform\/embedded-postgres\/|server\/cli\//,
    instead: 'chance or ids',
    sample: 'const x = Math.random()',
  },
  {
    pattern: /\bprocess\.env\b/,
    where: /^server\/(platform|modules)\//,
    but: /platform\/embedded-postgres\//,
    instead: 'config',
    sample: 'process.env.PORT',
  },
  {
    pattern: /@ts-(ignore|expect-error|nocheck)/,
    where: /./,
    instead: 'a type that is right',
    sample: '// @ts-ignore',
  },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    where: /./,
    instead: 'the work itself',
    sample: '// TODO later',
  },
  {
    pattern: /\btest\.(only|skip|todo)\(|\b(it|describe)\.(only|skip)\(/,
    where: /\.test\.ts$/,
    instead: 'a test that runs',
    sample: 'test.only(',
  },
  {
    pattern: /parseFloat\(/,
    where: /^(server|contracts)\/.*(money|pric|payment|order|tax)/,
    instead: 'money.fromDecimal or ratio',
    sample: "parseFloat('1.5')",
  },
]

const MAX_LINES = 400

const files = sourceFiles().filter(
  (file) => !file.path.includes('/generated/') && !file.path.startsWith('tests/architecture/'),
)
const isTest = (file: SourceFile) =>
  /\.(test|suite)\.ts$/.test(file.path) || file.path.startsWith('tests/')

function offences(all: readonly SourceFile[], rule: (typeof BANNED)[number]): string[] {
  return all
    .filter((file) => rule.where.test(file.path) && !rule.but?.test(file.path))
    .flatMap((file) =>
      file.text
        .split('\n')
        .flatMap((line, number) =>
          rule.pattern.test(line) ? [`${file.path}:${number + 1}: use ${rule.instead}`] : [],
        ),
    )
}

for (const rule of BANNED) {
  test(`nothing but ${rule.instead} where ${rule.pattern} would stand`, () => {
    const inside = rule.where.source.includes('test')
      ? files
      : files.filter((file) => !isTest(file))
    assert.deepEqual(offences(inside, rule), [])
  })
  test(`the rule against ${rule.pattern} catches its sample`, () => {
    const path = ['server/modules/x/pricing.ts', 'server/modules/x/pricing.test.ts'].find((place) =>
      rule.where.test(place),
    ) as string
    assert.equal(offences([{ path, text: rule.sample }], rule).length, 1)
  })
}

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = files.filter((file) => !isTest(file) && file.text.split('\n').length > MAX_LINES + 1)
  assert.deepEqual(
    long.map((file) => `${file.path}: ${file.text.split('\n').length}`),
    [],
  )
})

test('every source file is imported by another, or is a place to begin', () => {
  const entry =
    /(^bin\/|^server\/cli\/|^server\/main\.ts|^tools\/|^bench\/|\.test\.ts$|\/main\.ts$|^tests\/|\/islands\/|\/themes\/|worker\.ts$|\.suite\.ts$)/
  const imported = new Set(
    sourceFiles().flatMap((file) =>
      [...file.text.matchAll(/['"]([^'"\s]+\.(?:ts|mts))['"]/g)].map(
        (match) => (match[1] as string).split('/').at(-1) as string,
      ),
    ),
  )
  const dead = files.filter(
    (file) => !entry.test(file.path) && !imported.has(file.path.split('/').at(-1) as string),
  )
  assert.deepEqual(
    dead.map((file) => file.path),
    [],
  )
})

/** Values that a file exports and no other file imports by name; contracts are for everybody. */
function unusedExports(all: readonly SourceFile[]): string[] {
  const imported = new Set<string>()
  const whole = new Set<string>()
  for (const { text } of all) {
    for (const [, clause = '', from = ''] of text.matchAll(
      /(?:import|export)\s+([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]/g,
    )) {
      if (clause.includes('*')) whole.add(from.split('/').at(-1) as string)
      for (const name of clause.match(/\w+/g) ?? []) imported.add(name)
    }
    for (const [, from = ''] of text.matchAll(/import\(\s*['"]([^'"]+)['"]/g))
      whole.add(from.split('/').at(-1) as string)
  }
  return all
    .filter(({ path }) => !/^(contracts|bin)\/|\/themes\/|global-setup\.ts$/.test(path))
    .filter(({ path }) => !whole.has(path.split('/').at(-1) as string))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)]
        .filter(([, name = '']) => !imported.has(name))
        .map(([, name]) => `${path}: ${name}`),
    )
}

test('what is exported is imported by another file', () => {
  const every = sourceFiles().filter(({ path }) => !path.includes('/generated/'))
  assert.deepEqual(unusedExports(every), [])
})

test('a planted export that nobody imports is found', () => {
  const path = 'server/platform/planted.ts'
  assert.deepEqual(unusedExports([{ path, text: 'export const planted = 1' }]), [
    `${path}: planted`,
  ])
})
