import type { Socket } from 'node:net'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Log } from '../log.ts'
import { problemReply } from './execute.ts'

/**
 * Answers a connection on which no request could be read, in the shop's words: what Node and Fastify would say of
 * it is in no contract. A request that does not come in time is most often the fault of a machine that has too much
 * to do, ours or theirs: the same may be asked again.
 */
export function answerClientError(
  { code = '' }: Readonly<{ code?: string }>,
  socket: Socket,
  { requestId, log }: Readonly<{ requestId: string; log: Log }>,
): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, headers, body } = problemReply(refusalOf(code), requestId, log)
  const bytes = Buffer.from(String(body))
  const lines = Object.entries({
    ...headers,
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    connection: 'close',
    'content-length': String(bytes.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  // Node writes the words after the number for nobody: clients read the number alone.
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} \r\n${lines.join('')}\r\n`), bytes]))
}

function refusalOf(code: string) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return generalProblem('unavailable', {
      detail: 'The request did not arrive in time',
      retryAfterSeconds: 1,
    })
  const detail =
    code === 'HPE_HEADER_OVERFLOW' ? 'The headers are too large' : 'This is not a request of HTTP'
  return generalProblem('validation_failed', { detail })
}
