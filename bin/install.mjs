/** Makes sure that what package-lock.json names is installed. Plain JavaScript for any Node from 18 on. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'

/** One sentence for the person at the terminal. */
export class InstallError extends Error {}

const LOCK_POLL_MS = 200
const SHOW_EVERY_MS = 500
const OUTPUT_KEPT_LINES = 12

/** What an outer `npm start --flag` sets must not reach the inner npm; only how to reach the registry does. */
const KEPT_NPM_SETTINGS =
  /^npm_config_(registry|cache|userconfig|globalconfig|https?_proxy|proxy|noproxy|cafile|ca|cert|key|strict_ssl|offline|prefer_offline|maxsockets|fetch_.*|@.*|\/\/.*)$/i

/** The project's own Node 24. @param {string} root */
export function projectNode(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  return join(root, 'node_modules', 'node', 'bin', name)
}

/**
 * Installs unless all is in place; of several calls at once, in whatever processes, one does the work.
 *
 * @param {string} root the project's folder
 * @throws {InstallError}
 */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return
  const release = await takeLock(join(root, '.stoa'), () => isInstalled(root))
  try {
    if (isInstalled(root)) return
    if (!matchesLock(root)) await runNpm(root)
    if (!existsSync(projectNode(root))) {
      throw new InstallError(
        `npm ran, but ${projectNode(root)} is missing: npm was probably told not to run install scripts ` +
          '(`npm config get ignore-scripts`). Allow them and start again.',
      )
    }
    writeFileSync(stampFile(root), fingerprint(root))
  } finally {
    release()
  }
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.stoa-installed')
}

/** @param {string} root */
function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

/** @param {string} root */
function isInstalled(root) {
  return readIfThere(stampFile(root)) === fingerprint(root) && existsSync(projectNode(root))
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Whether somebody ran npm by hand, so that its own record of what is installed is what the lock file wants. */
function matchesLock(/** @type {string} */ root) {
  const record = readIfThere(join(root, 'node_modules', '.package-lock.json'))
  if (record === undefined || !existsSync(projectNode(root))) return false
  const installed = JSON.parse(record).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.startsWith('node_modules/')) return true
    const found = installed[path]
    if (!found) return optional === true
    return link === true ? found.link === true : found.version === version
  })
}

async function runNpm(/** @type {string} */ root) {
  const startMs = performance.now()
  process.stderr.write('Installing what Stoa needs (only the first time, or after an update) …\n')
  const child = spawn('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'], {
    cwd: root,
    env: npmEnvironment(root),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const stopShowing = showProgress(root)
  const forget = passOnSignals(child)
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error))
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  stopShowing()
  forget()
  if (end instanceof Error) {
    throw new InstallError(
      `npm cannot be run (${end.message}): install Node.js with npm (https://nodejs.org) and start again.`,
    )
  }
  if (end !== 0) throw new InstallError(`npm ci failed (${end}):\n${summary(output)}`)
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
  process.stderr.write(`Installed in ${seconds} s.\n`)
}

/** npm says the reason first, and then much else. @param {string} output */
function summary(output) {
  const lines = output.split('\n').filter((line) => !/^(npm (warn|error)?)?\s*$/.test(line))
  const errors = lines.filter((line) => line.startsWith('npm error'))
  const told = (errors.length > 0 ? errors : lines).slice(0, OUTPUT_KEPT_LINES)
  return [...told, ...lines.slice(-1).filter((line) => !told.includes(line))].join('\n')
}

/** Draws a count of packages over itself, on a terminal only. @param {string} root */
function showProgress(root) {
  if (!process.stderr.isTTY) return () => {}
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const total = Object.entries(lock.packages).filter(
    ([path, { optional }]) => path.startsWith('node_modules/') && !optional,
  ).length
  const timer = setInterval(() => {
    const count = Math.min(countPackages(join(root, 'node_modules')), total)
    process.stderr.write(`\r  ${count} of ${total} packages`)
  }, SHOW_EVERY_MS)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r\x1b[K')
  }
}

/** @param {string} folder @returns {number} */
function countPackages(folder) {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith('.'))
    return names
      .map((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).length : 1))
      .reduce((sum, count) => sum + count, 0)
  } catch {
    return 0
  }
}

/** @param {string} root */
function npmEnvironment(root) {
  const entries = Object.entries(process.env).filter(
    ([name]) => name !== 'INIT_CWD' && (!/^npm_/i.test(name) || KEPT_NPM_SETTINGS.test(name)),
  )
  // npm must not run by the Node that it is about to replace.
  const inside = join(root, 'node_modules')
  const path = (process.env.PATH ?? '').split(delimiter).filter((one) => !one.startsWith(inside))
  return { ...Object.fromEntries(entries), PATH: path.join(delimiter) }
}

/**
 * Hands the signals that should end this program to its child instead.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends that
 */
export function passOnSignals(child) {
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => child.kill(signal)
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, passOn)
  return () => {
    for (const signal of signals) process.removeListener(signal, passOn)
  }
}

/**
 * Takes the installer's lock, or waits for who has it until `isDone`.
 *
 * @param {string} folder
 * @param {() => boolean} isDone
 * @returns {Promise<() => void>} gives the lock back
 */
async function takeLock(folder, isDone) {
  mkdirSync(folder, { recursive: true })
  const lock = join(folder, 'install.lock')
  const own = `${lock}.${process.pid}`
  writeFileSync(own, String(process.pid))
  let told = false
  try {
    for (;;) {
      if (isDone()) return () => {}
      // A link appears with its content, so nobody ever reads a lock without a pid.
      if (tryLink(own, lock)) return () => rmSync(lock, { force: true })
      if (!removeIfStale(lock, `${own}.stale`)) {
        const holder = `process ${readIfThere(lock)}; if that is none, delete ${lock}`
        if (!told) process.stderr.write(`Waiting for another Stoa that installs (${holder}) …\n`)
        told = true
        await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS))
      }
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/** @param {string} from @param {string} to */
function tryLink(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a dead process's lock away; a living one's that was caught by a hair is put back. */
function removeIfStale(/** @type {string} */ lock, /** @type {string} */ aside) {
  const holder = readIfThere(lock)
  if (holder === undefined) return true
  if (isAlive(Number(holder))) return false
  try {
    renameSync(lock, aside)
  } catch {
    return true
  }
  if (isAlive(Number(readIfThere(aside)))) tryLink(aside, lock)
  rmSync(aside, { force: true })
  return true
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
