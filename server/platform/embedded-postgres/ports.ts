import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { systemChance } from '../chance.ts'
import { StartError } from './start-error.ts'

const EPHEMERAL = '/proc/sys/net/ipv4/ip_local_port_range'
/** What the kernel gives to outgoing connections starts at 32768 at the lowest, if nobody has set it otherwise. */
const QUIET_END = 32_000
const QUIET_COUNT = 12_000
const QUIET_TRIES = 20

/**
 * A wanted port must be free; without one, the remembered port if it is still free, else a free one.
 *
 * @throws StartError `port_taken`
 */
export async function choosePort(input: {
  wanted: number | undefined
  remembered: number | undefined
}): Promise<number> {
  if (input.wanted !== undefined) {
    if ((await tryPort(input.wanted)) === undefined) throw portTaken(input.wanted)
    return input.wanted
  }
  const remembered = input.remembered === undefined ? undefined : await tryPort(input.remembered)
  return remembered ?? (await quietPort()) ?? (await tryPort(0)) ?? Promise.reject(portTaken(0))
}

/** A free port that no outgoing connection gets: PostgreSQL must find it free when it is started again. */
async function quietPort(): Promise<number | undefined> {
  const end = Math.min(QUIET_END, firstEphemeral())
  const count = Math.min(QUIET_COUNT, end - 1_024)
  for (let tries = 0; count > 0 && tries < QUIET_TRIES; tries += 1) {
    const port = end - 1 - Math.floor(systemChance.float() * count)
    if ((await tryPort(port)) !== undefined) return port
  }
  return undefined
}

/** The first port of those that the kernel gives to outgoing connections. */
export function firstEphemeral(): number {
  try {
    return Number(readFileSync(EPHEMERAL, 'utf8').trim().split(/\s+/)[0])
  } catch {
    return QUIET_END
  }
}

export function portTaken(port: number): StartError {
  return new StartError({
    code: 'port_taken',
    message: `Port ${port} of 127.0.0.1, wanted for the database, is taken by another program.`,
    hint: 'Stop that program, or choose another port for the database (or none: a free one is found).',
  })
}

/** The port (0: any) if this process could listen on it, else undefined. */
export function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      const bound = address && typeof address === 'object' ? address.port : undefined
      server.close(() => resolve(bound))
    })
  })
}
