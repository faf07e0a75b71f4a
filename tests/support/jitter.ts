/**
 * Preloaded by `npm test -- --jitter`: what sockets send comes late by chance, each socket's own order kept. So of two calls at
 * once either comes first, as on a busy machine or a far network, and a test that trusts its luck fails here first.
 */
import { Socket } from 'node:net'

/** How often something is late, and by how many milliseconds at most; most delays are short. */
const SHARE = Number(process.env.STOA_TEST_JITTER_SHARE ?? 0.08)
const LONGEST_MS = Number(process.env.STOA_TEST_JITTER_MS ?? 25)

type Write = (
  many: boolean,
  data: unknown,
  encoding: string,
  done: (error?: Error | null) => void,
) => void
type Writer = { _handle: object | null; _writeGeneric: Write }

const prototype = Socket.prototype as unknown as Writer
const { _writeGeneric: write } = prototype

prototype._writeGeneric = function late(this: Writer, many, data, encoding, done) {
  const isTcp = this._handle?.constructor.name === 'TCP'
  if (!isTcp || Math.random() >= SHARE) return write.call(this, many, data, encoding, done)
  setTimeout(() => write.call(this, many, data, encoding, done), Math.random() ** 3 * LONGEST_MS)
}
