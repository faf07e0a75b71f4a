import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Binaries } from './binaries.ts'
import { StartError } from './start-error.ts'

type Ids = Readonly<{ uid: number; gid: number }>

/** How PostgreSQL's programs are started, since PostgreSQL refuses to run as root. */
export type RunAs = Readonly<{
  /** Set when the cluster's files belong to another user than this process. */
  owner: Ids | undefined
  command(
    program: string,
    programArguments: readonly string[],
  ): {
    file: string
    arguments: readonly string[]
    ids: Partial<Ids>
  }
}>

const SETPRIV_PLACES = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/local/bin/setpriv']

/**
 * An ordinary user runs PostgreSQL itself. Root hands it to the cluster's owner, at first `nobody`. Where that
 * user cannot reach the files (a home only root may enter), it keeps one capability: to pass through folders.
 *
 * @throws StartError `no_user` | `folder_unusable`
 */
export function chooseRunAs(input: {
  dataFolder: string
  clusterFolder: string
  binaries: Binaries
}): RunAs {
  const me = process.getuid?.()
  const cluster = statSync(input.clusterFolder, { throwIfNoEntry: false })
  if (me !== 0) {
    if (cluster && cluster.uid !== me) throw foreignCluster(input.clusterFolder, cluster.uid)
    return { owner: undefined, command: (file, list) => ({ file, arguments: list, ids: {} }) }
  }
  const owner = cluster && cluster.uid !== 0 ? { uid: cluster.uid, gid: cluster.gid } : findNobody()
  const reachable = [input.dataFolder, ...input.binaries.samples].every((path) =>
    canReach(path, owner),
  )
  if (reachable) {
    return { owner, command: (file, list) => ({ file, arguments: list, ids: owner }) }
  }
  const setpriv = SETPRIV_PLACES.find((place) => existsSync(place))
  const prefix = privileges(owner)
  if (!setpriv || !works(setpriv, [...prefix, input.binaries.postgres, '--version'])) {
    throw unreachable(input.dataFolder)
  }
  return {
    owner,
    command: (file, list) => ({ file: setpriv, arguments: [...prefix, file, ...list], ids: {} }),
  }
}

/** The secure bit makes access(2) heed the capability too, which PostgreSQL asks before it reads. */
function privileges(owner: Ids): string[] {
  return [
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ]
}

function works(file: string, list: readonly string[]): boolean {
  return spawnSync(file, list, { cwd: '/', env: {}, stdio: 'ignore' }).status === 0
}

/** Whether the user may pass every folder above the path and read the path itself, by the mode bits. */
function canReach(path: string, user: Ids): boolean {
  if (!allows(path, user, statSync(path).isDirectory() ? 1 : 4)) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!allows(folder, user, 1)) return false
    if (folder === dirname(folder)) return true
  }
}

function allows(path: string, user: Ids, bit: 1 | 4): boolean {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & bit) !== 0
}

function findNobody(): Ids {
  const entry = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(-?\d+):(-?\d+):/m)
  if (entry) return { uid: Number(entry[1]), gid: Number(entry[2]) }
  throw new StartError({
    code: 'no_user',
    message: 'PostgreSQL refuses to run as root, and this machine has no user "nobody" to run it.',
    hint: 'Start Stoa as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  })
}

function unreachable(dataFolder: string): StartError {
  return new StartError({
    code: 'no_user',
    message: `PostgreSQL refuses to run as root, and the user "nobody" cannot reach ${dataFolder} or the programs.`,
    hint: 'Start Stoa as an ordinary user, or put it and STOA_HOME where others may enter, such as below /opt.',
  })
}

function foreignCluster(folder: string, uid: number): StartError {
  return new StartError({
    code: 'folder_unusable',
    message: `The database in ${folder} belongs to another user (uid ${uid}).`,
    hint: 'Start Stoa as that user or as root, or set STOA_HOME to another folder.',
  })
}
