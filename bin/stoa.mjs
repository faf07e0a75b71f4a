#!/usr/bin/env node
/** The `stoa` command: installs what is missing, then hands everything to the project's own Node 24. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { heapFlags } from './heap.mjs'
import { ensureInstalled, InstallError, passOnSignals, projectNode } from './install.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

try {
  const [program, ...rest] = chooseProgram(process.argv.slice(2))
  await ensureInstalled(root)
  run(program, rest)
} catch (error) {
  if (!(error instanceof InstallError)) throw error
  process.stderr.write(`stoa: ${error.message}\n`)
  process.exitCode = 1
}

/**
 * `stoa run NAME …` is tools/NAME.ts, all else the CLI.
 *
 * @param {string[]} words
 * @returns {[string, ...string[]]}
 */
function chooseProgram(words) {
  if (words[0] !== 'run') return [join(root, 'server', 'cli', 'main.ts'), ...words]
  const [, name = '', ...rest] = words
  const tools = join(root, 'tools')
  const file = join(tools, `${name}.ts`)
  if (/^[a-z][a-z-]*$/.test(name) && existsSync(file)) return [file, ...rest]
  const names = readdirSync(tools).filter((one) => /^[a-z-]+\.ts$/.test(one))
  const list = names.map((one) => one.slice(0, -3)).join(', ')
  throw new InstallError(`\`stoa run\` takes one of: ${list}; not "${name}".`)
}

/**
 * Runs the program to its end and ends the same way.
 *
 * @param {string} program
 * @param {string[]} words
 */
function run(program, words) {
  const node = projectNode(root)
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? '']
  const follow = pathToFileURL(join(root, 'bin', 'follow-launcher.mjs')).href
  const child = spawn(node, [...heapFlags(words[0] ?? ''), '--import', follow, program, ...words], {
    env: { ...process.env, PATH: path.join(delimiter), STOA_LAUNCHER_PID: String(process.pid) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const forget = passOnSignals(child)
  child.once('error', (error) => {
    process.stderr.write(`stoa: ${node} cannot be run (${error.message}).\n`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    forget()
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
