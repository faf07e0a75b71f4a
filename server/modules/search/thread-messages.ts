import type { ThreadCalls } from './index-thread.ts'

/** A call that crosses to the index's thread. */
export type ThreadRequest = Readonly<{ id: number; call: keyof ThreadCalls; input?: unknown }>

/** Its answer; the first, of id 0, says that the thread is ready and where its index stands. */
export type ThreadReply =
  | Readonly<{ id: number; value: unknown }>
  | Readonly<{ id: number; error: Error }>
