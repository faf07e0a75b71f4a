import type { ByteStream } from './binding.ts'

/** A request as it arrives, by a socket or from within the process. */
export type RawRequest = Readonly<{
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, unknown>>
  /** The body's text; empty if there is none. */
  body: string
  /** The bytes that come, where the route takes bytes. */
  upload?: AsyncIterable<Uint8Array>
  headers: Readonly<Record<string, string | string[] | undefined>>
  requestId: string
  remoteAddress: string
  /** Lets it in, where no door of sockets has done so. @throws rate_limited */
  admit?(): Promise<void>
}>

/** Its answer, as it goes out. */
export type RawReply = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array | ByteStream
}>
