import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { DEPENDENCIES } from '../../server/modules/dependencies.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

export type SourceFile = Readonly<{ path: string; text: string }>

/** All TypeScript of the project, by path from the root. */
export function sourceFiles(): SourceFile[] {
  const files: SourceFile[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (/\.(ts|mts|mjs)$/.test(entry.name))
        files.push({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') })
    }
  }
  for (const folder of [
    'contracts',
    'server',
    'apps',
    'packages',
    'tests',
    'tools',
    'bench',
    'bin',
  ])
    walk(join(ROOT, folder))
  return files
}

/** What a file imports: paths from the root, or names of packages. */
function importsOf({ path, text }: SourceFile): string[] {
  const specifiers = [
    ...text.matchAll(
      /(?:^|\s)(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm,
    ),
  ]
  return specifiers.map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3]) as string
    if (specifier.startsWith('#contracts/'))
      return `contracts/${specifier.slice('#contracts/'.length)}`
    if (specifier.startsWith('.')) return relative(ROOT, resolve(ROOT, dirname(path), specifier))
    return specifier
  })
}

const isTest = (path: string) => /\.(test|suite)\.ts$/.test(path)

/** One sentence for each import that goes through a wall. */
export function breaches(files: readonly SourceFile[], dependencies = DEPENDENCIES): string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !allowed(file.path, target, dependencies))
      .map((target) => `${file.path} may not import ${target}`),
  )
}

function allowed(
  from: string,
  to: string,
  dependencies: Readonly<Record<string, readonly string[]>>,
): boolean {
  const room = from.split('/')[0]
  const internal = /^(contracts|server|apps|packages|tests|tools|bench|bin)\//.test(to)
  if (room === 'tests' || room === 'bench' || room === 'tools') return true
  if (room === 'apps' && isTest(from) && to === 'server/api-document.ts') return true
  if (isTest(from) && to.startsWith('tests/support/')) return true
  if (room === 'contracts')
    return internal
      ? to.startsWith('contracts/')
      : to === 'zod' || (isTest(from) && /^(node:|fast-check)/.test(to))
  if (room === 'apps' || room === 'packages')
    return (
      !internal ||
      /^(contracts|packages)\//.test(to) ||
      to.startsWith(from.split('/').slice(0, 2).join('/'))
    )
  if (!internal) return true
  if (from.startsWith('server/platform/'))
    return to.startsWith('server/platform/') || to.startsWith('contracts/kit/')
  const module = /^server\/modules\/([^/]+)\//.exec(from)?.[1]
  if (module === undefined) return room === 'server' || room === 'bin'
  if (
    to.startsWith(`server/modules/${module}/`) ||
    to.startsWith('server/platform/') ||
    to.startsWith('contracts/')
  )
    return true
  const other = /^server\/modules\/([^/]+)\/index\.ts$/.exec(to)?.[1]
  return other !== undefined && (dependencies[module] ?? []).includes(other)
}

/** Modules that wait for each other in a circle; empty if the list is acyclic. */
export function circles(dependencies: Readonly<Record<string, readonly string[]>>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (name: string, path: readonly string[]) => {
    if (path.includes(name)) {
      found.push([...path.slice(path.indexOf(name)), name].join(' → '))
      return
    }
    if (done.has(name)) return
    for (const next of dependencies[name] ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of Object.keys(dependencies)) visit(name, [])
  return found
}

/** Files that import each other in a circle, be it for types alone. */
export function fileCircles(files: readonly SourceFile[]): string[] {
  return circles(
    Object.fromEntries(
      files.map((file) => [file.path, importsOf(file).filter((target) => target.endsWith('.ts'))]),
    ),
  )
}
