import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'

const PROGRAM = `
  const [command, value] = process.argv.slice(2)
  if (command === 'exit') process.exit(Number(value))
  if (command === 'wait') {
    process.on('SIGTERM', () => { console.log('told'); process.exit(7) })
    setInterval(() => {}, 1000)
    console.log(process.pid)
  } else console.log(JSON.stringify({ file: process.argv[1], words: process.argv.slice(2), path: process.env.PATH }))
`

/** Pretends to install: puts Node in its place, notes its settings and that it ran. */
const NPM = `#!${process.execPath}
  const fs = require('node:fs')
  fs.appendFileSync('npm-runs', JSON.stringify(process.argv.slice(2)) + '\\n')
  fs.writeFileSync('npm-settings', JSON.stringify(Object.keys(process.env).filter((n) => /^npm_/i.test(n)).sort()))
  if (fs.existsSync('npm-fails')) { console.error('npm says why'); process.exit(1) }
  setTimeout(() => {
    fs.mkdirSync('node_modules/node/bin', { recursive: true })
    if (!fs.existsSync('npm-no-scripts')) fs.symlinkSync(process.execPath, 'node_modules/node/bin/node')
  }, 300)
`

/** A project with the real launcher, whose program, tool and npm are pretended. */
function makeProject(t: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'stoa-launcher-')))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  for (const folder of ['bin', 'server/cli', 'tools', 'npm']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  for (const name of ['stoa.mjs', 'install.mjs', 'heap.mjs', 'follow-launcher.mjs']) {
    cpSync(join(import.meta.dirname, name), join(root, 'bin', name))
  }
  writeFileSync(join(root, 'server/cli/main.ts'), PROGRAM)
  writeFileSync(join(root, 'tools/check.ts'), PROGRAM)
  writeFileSync(join(root, 'npm/npm'), NPM)
  chmodSync(join(root, 'npm/npm'), 0o755)
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/node': { version: '24.0.0' } } }),
  )
  return root
}

function launch(root: string, words: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(root, 'bin/stoa.mjs'), ...words], {
    env: { ...process.env, PATH: [join(root, 'npm'), process.env.PATH].join(delimiter), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function finish(child: ChildProcess) {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal])),
  )
  return { code, signal, out, err }
}

async function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (chunk) => resolve(`${chunk}`.trim())))
}

const countRuns = (root: string) =>
  readFileSync(join(root, 'npm-runs'), 'utf8').trim().split('\n').length

test('all words reach the program, run by the project’s Node, which is first in PATH', async (t) => {
  const root = makeProject(t)
  const { out, code } = await finish(launch(root, ['import', '--file', 'a b', '']))
  const said = JSON.parse(out)
  assert.deepEqual(said.words, ['import', '--file', 'a b', ''])
  assert.equal(said.file, join(root, 'server/cli/main.ts'))
  assert.equal(said.path.split(delimiter)[0], join(root, 'node_modules/node/bin'))
  assert.equal(code, 0)
})

test('`run` starts a tool, and refuses what is none', async (t) => {
  const root = makeProject(t)
  const said = JSON.parse((await finish(launch(root, ['run', 'check', '--fix']))).out)
  assert.deepEqual([said.file, said.words], [join(root, 'tools/check.ts'), ['--fix']])
  for (const name of ['nothing', '../server/cli/main', '']) {
    const { code, err } = await finish(launch(root, ['run', name]))
    assert.equal(code, 1)
    assert.match(err, /one of: check;/)
  }
})

test('the exit code of the program is kept, and so is the signal that ended it', async (t) => {
  const root = makeProject(t)
  assert.equal((await finish(launch(root, ['exit', '42']))).code, 42)
  const waiting = launch(root, ['wait'])
  process.kill(Number(await firstLine(waiting)), 'SIGKILL')
  assert.equal((await finish(waiting)).signal, 'SIGKILL')
})

test('SIGTERM reaches the program, which ends in its own way', async (t) => {
  const waiting = launch(makeProject(t), ['wait'])
  await firstLine(waiting)
  waiting.kill('SIGTERM')
  const { code, out } = await finish(waiting)
  assert.deepEqual([code, out.trim()], [7, 'told'])
})

test('the program does not outlive a launcher that is killed', async (t) => {
  const waiting = launch(makeProject(t), ['wait'])
  await firstLine(waiting)
  waiting.kill('SIGKILL')
  // Its output closes only when the program, which holds it too, has ended.
  assert.equal((await finish(waiting)).signal, 'SIGKILL')
})

test('it installs once for two starts at once, and again when the lock file changes', async (t) => {
  const root = makeProject(t)
  const both = await Promise.all([1, 2].map(() => finish(launch(root, ['exit', '0']))))
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  )
  assert.equal(countRuns(root), 1)
  rmSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
  await finish(launch(root, ['exit', '0']))
  assert.equal(countRuns(root), 2)
})

test('the lock of an installer that was killed is no obstacle', async (t) => {
  const root = makeProject(t)
  const dead = spawn(process.execPath, ['-e', ''])
  await finish(dead)
  mkdirSync(join(root, '.stoa'))
  writeFileSync(join(root, '.stoa/install.lock'), String(dead.pid))
  assert.equal((await finish(launch(root, ['exit', '3']))).code, 3)
  assert.equal(existsSync(join(root, '.stoa/install.lock')), false)
})

test('what npm installed by hand is taken as it is', async (t) => {
  const root = makeProject(t)
  const node = join(root, 'node_modules/node/bin/node')
  mkdirSync(dirname(node), { recursive: true })
  symlinkSync(process.execPath, node)
  cpSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'))
  assert.equal((await finish(launch(root, ['exit', '3']))).code, 3)
  assert.equal(existsSync(join(root, 'npm-runs')), false)
})

test('an outer npm’s flags do not reach the inner npm, the way to the registry does', async (t) => {
  const root = makeProject(t)
  const child = launch(root, ['exit', '0'], {
    npm_config_global: 'true',
    npm_config_omit: 'dev',
    npm_lifecycle_event: 'start',
    npm_config_cache: '/cache',
  })
  await finish(child)
  const seen: string[] = JSON.parse(readFileSync(join(root, 'npm-settings'), 'utf8'))
  assert.ok(seen.includes('npm_config_cache'))
  assert.equal(
    seen.some((name) => /global$|omit|lifecycle/.test(name)),
    false,
  )
})

test('a failed installation says why, and the next start tries again', async (t) => {
  const root = makeProject(t)
  writeFileSync(join(root, 'npm-fails'), '')
  const failed = await finish(launch(root, ['exit', '0']))
  assert.equal(failed.code, 1)
  assert.match(failed.err, /npm ci failed \(1\):\nnpm says why/)
  rmSync(join(root, 'npm-fails'))
  writeFileSync(join(root, 'npm-no-scripts'), '')
  const half = await finish(launch(root, ['exit', '0']))
  assert.equal(half.code, 1)
  assert.match(half.err, /install scripts/)
  rmSync(join(root, 'npm-no-scripts'))
  assert.equal((await finish(launch(root, ['exit', '5']))).code, 5)
})
