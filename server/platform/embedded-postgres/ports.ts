import { createServer } from 'node:net'
import { StartError } from './start-error.ts'

/**
 * A wanted port must be free; without one, the remembered port if it is still free, else any free one.
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
  return remembered ?? (await tryPort(0)) ?? Promise.reject(portTaken(0))
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
